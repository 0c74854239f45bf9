#!/bin/sh
# The web process of a container: static files first, then admin and API.
set -eu
python manage.py collectstatic --noinput --verbosity 0
exec gunicorn config.wsgi --bind "0.0.0.0:${WEB_PORT:-8000}" \
    --worker-class gthread --workers "${WEB_WORKERS:-2}" --threads 16 \
    --log-level warning --no-control-socket
