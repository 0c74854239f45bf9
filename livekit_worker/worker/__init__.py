"""The worker process: it takes calls, says that it lives, rescues."""
