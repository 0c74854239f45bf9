"""`./start.sh`: everything on one machine, under one process runner.

It reads the environment as the settings do, and knows the processes only by their
command lines: whoever runs them another way (`docker/compose.yml`) needs none of it.
"""
