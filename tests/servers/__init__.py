"""The platform's real processes, for tests that look at it from outside.

They run the commands of `./start.sh` in the environment of the test run, on free
ports. A test takes the fixture `stack`; while it runs, the ORM of the test process
reads and writes the rows that the processes see.
"""
