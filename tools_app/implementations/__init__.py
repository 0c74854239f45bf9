"""The built-in tools: one file each, found by being here."""
