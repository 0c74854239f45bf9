"""Whole ways through the platform, on the real LiveKit server, worker and plugin."""
