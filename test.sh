#!/usr/bin/env bash
# One command: set up what is missing, run every check and test.
#   ./test.sh            everything, on SQLite and on PostgreSQL
#   ./test.sh fast       lint, types, import rules, and the tests that start no server
#   ./test.sh PATH...    these tests alone, on SQLite or on DATABASE_URL
set -euo pipefail
cd "$(dirname "$0")"
. platform/launch/venv.sh

failed=() missing=() cluster=
scratch=$(mktemp -d)
trap clean_up EXIT
clean_up() {
    [ -z "$cluster" ] || stop_postgres
    rm -rf "$scratch"
}
step() {
    printf '\n== %s\n' "$1"
    "${@:2}" || failed+=("$1")
}

# --- what the tests need --------------------------------------------------------
postgres_bin() { ls -d /usr/lib/postgresql/*/bin "$(pg_config --bindir 2>/dev/null)" 2>/dev/null | tail -1; }
has_postgresql() { [ -x "$(postgres_bin)/initdb" ]; }
has_redis() { command -v redis-server; }
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_livekit_sip() { # one that finds its libraries
    built=$(ls -t "${XDG_CACHE_HOME:-$HOME/.cache}"/voice-agent-platform/bin/livekit-sip-* 2>/dev/null | head -1)
    "$(command -v livekit-sip || echo "$built")" --version
}
has_c_compiler() { echo '#include <stdlib.h>' | gcc -E -; }

lacking() {
    missing=()
    has_postgresql >/dev/null || missing+=(postgresql)
    has_redis >/dev/null || missing+=(redis-server)
    has_chromium >/dev/null || missing+=(chromium)
    command -v baresip >/dev/null || missing+=(baresip)
    command -v sipp >/dev/null || missing+=(sip-tester)
    command -v curl >/dev/null || missing+=(curl)
    has_livekit_sip >/dev/null 2>&1 || lacking_to_compile
}
lacking_to_compile() { # livekit-sip, which is written in Go and C
    has_c_compiler >/dev/null 2>&1 || missing+=(gcc libc6-dev)
    command -v pkg-config >/dev/null || missing+=(pkg-config)
    for library in opus opusfile soxr; do
        pkg-config --exists "$library" 2>/dev/null || missing+=("lib$library-dev")
    done
}

install_packages() {
    lacking
    [ ${#missing[@]} -gt 0 ] && command -v apt-get >/dev/null || return 0
    as_root=
    [ "$(id -u)" = 0 ] || as_root="sudo -n"
    $as_root true 2>/dev/null || return 0
    echo "Installing ${missing[*]} ..."
    $as_root apt-get update -q >/dev/null || return 0
    for package in "${missing[@]}"; do # one that this system lacks keeps no other away
        DEBIAN_FRONTEND=noninteractive $as_root apt-get install -qy --no-install-recommends \
            "$package" >/dev/null || true
    done
    lacking
}

build_programs() { # what cannot be built says why; tests of the telephone are then left out
    .venv/bin/python -m launch.build livekit-server >/dev/null
    .venv/bin/python -m launch.build livekit-sip >/dev/null || missing+=(livekit-sip)
}

# A PostgreSQL of our own, thrown away at the end; it refuses to run as root.
start_postgres() {
    cluster=$(mktemp -d)
    as_user=
    if [ "$(id -u)" = 0 ]; then
        chown postgres "$cluster"
        as_user="runuser -u postgres --"
    fi
    port=$(.venv/bin/python -m tests.servers.ports)
    (cd "$cluster" && $as_user "$(postgres_bin)/initdb" -D data -U voice --auth=trust -E UTF8 >/dev/null &&
        $as_user "$(postgres_bin)/pg_ctl" -D data -w -l log start >/dev/null \
            -o "-p $port -k $cluster -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200")
    database="postgres://voice@127.0.0.1:$port/voice"
}
stop_postgres() {
    (cd "$cluster" && $as_user "$(postgres_bin)/pg_ctl" -D data -m immediate stop >/dev/null)
    rm -rf "$cluster"
}

# --- checks ---------------------------------------------------------------------
in_step() { # requirements/*.txt say what the lock says
    mkdir "$scratch/requirements"
    PATH="$PATH:$PWD/.venv/bin" requirements/export.sh "$scratch/requirements"
    diff -r --exclude='*.sh' requirements "$scratch/requirements" || {
        echo "Out of step with uv.lock. Run requirements/export.sh"
        return 1
    }
}

manage() { # manage.py with settings of a production site
    secret=$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))')
    key=$(.venv/bin/python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')
    ENV_FILE=/dev/null STATE_DIR="$scratch/state" SECRET_KEY="$secret" FIELD_ENCRYPTION_KEYS="$key" DATABASE_URL='' REDIS_URL='' \
        LIVEKIT_API_KEY=checked LIVEKIT_API_SECRET="$secret" \
        PUBLIC_BASE_URL=https://voice.example.com .venv/bin/python manage.py "$@"
}

lint() {
    step "Style" .venv/bin/ruff check
    step "Format" .venv/bin/ruff format --check
    step "Templates" .venv/bin/djlint templates --lint --quiet
    step "Types" .venv/bin/mypy
    step "Import rules" .venv/bin/lint-imports
    step "Migrations" manage makemigrations --check --dry-run
    step "Deployment settings" manage check --deploy --fail-level WARNING
    step "Requirements" in_step
}

# --- tests ----------------------------------------------------------------------
tests() { .venv/bin/python -m pytest "$@"; }
unit_tests() { tests -n 2 -m "not servers and not heavy"; }
# Real processes on a busy machine: a journey that fails is walked once more, and said
# to have been (RERUN). Each one is a fault to be found; two in a row fail the run.
journeys() { tests -m "$1" --reruns 1 -rR; }

everything() {
    lint
    step "Unit tests on SQLite" unit_tests
    step "Journeys on SQLite" journeys "servers or heavy"
    has_postgresql || return 0
    start_postgres
    export DATABASE_URL=$database
    step "Unit tests on PostgreSQL" unit_tests
    step "Journeys on PostgreSQL" journeys "servers and not heavy"
}

make_venv dev
case "${1:-}" in
fast)
    lint
    step "Unit tests on SQLite" unit_tests
    ;;
"")
    install_packages
    build_programs
    everything
    ;;
*)
    build_programs
    step "Tests" tests "$@"
    ;;
esac

echo
if [ ${#missing[@]} -gt 0 ]; then
    echo "!! NOT EVERYTHING RAN. Install and run again: ${missing[*]}"
fi
if [ ${#failed[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failed[@]}"
    exit 1
fi
if [ ${#missing[@]} -gt 0 ] && [ "${CI:-}" = true ]; then exit 1; fi
echo "All that ran is green."
