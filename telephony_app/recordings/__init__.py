"""Recordings: fetched, kept for a time, played, deleted."""
