"""Tools written in Python: found, read, compiled, called."""
