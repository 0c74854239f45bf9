"""Telephone numbers as staff meet them: added, bought, connected, released."""
