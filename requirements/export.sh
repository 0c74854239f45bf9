#!/usr/bin/env bash
# Write requirements/*.txt from uv.lock, for machines without uv; or into another
# folder: requirements/export.sh FOLDER
set -euo pipefail
into=$(realpath "${1:-$(dirname "$0")}")
cd "$(dirname "$0")/.."
export_to() {
    uv export --quiet --locked --no-emit-project --no-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links "${@:2}" >"$into/$1.txt"
}
export_to base --no-dev                       # web, Celery
export_to worker --no-dev --extra worker      # and the voice worker
export_to dev --group dev --extra worker --extra langchain  # and the checks
