"""The caller is put through to a person, and comes back when nobody answers."""
