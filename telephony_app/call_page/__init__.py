"""The page of a call: what was said, how it went, what to do about it."""
