#!/usr/bin/env bash
# One command: set up what is missing, run everything on this machine, print the
# address and the login. Usage: ./start.sh [start|stop|status|logs] [--phone]
set -euo pipefail
cd "$(dirname "$0")"
. platform/launch/venv.sh
make_venv worker
exec .venv/bin/python -m launch "${@:-start}"
