# Sourced by start.sh and test.sh: the Python environment in .venv.

# The first Python that is new enough; fails when there is none.
find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
            >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

install_with_uv() {
    groups="--no-dev"
    [ "$1" = dev ] && groups="--group dev"
    # Compiled ahead: a voice worker imports 3000 modules, twice.
    # shellcheck disable=SC2086  # two words on purpose
    uv sync --quiet --locked --inexact --compile-bytecode --all-extras $groups ${2:+--python "$2"}
}

install_with_pip() {
    if [ -z "$2" ]; then
        echo "Python 3.11 or newer is needed, and none was found." >&2
        echo "Install it (https://www.python.org/downloads/), or name it: PYTHON=/path/to/python3 $0" >&2
        exit 1
    fi
    "$2" -m venv .venv || {
        echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2
        exit 1
    }
    .venv/bin/python -m pip install --quiet -r "requirements/$1.txt"
    .venv/bin/python -m pip install --quiet --no-deps -e .
}

# Not so when it was moved or copied with its folder, or its Python is gone.
venv_is_ours() {
    .venv/bin/python -c 'import sys, os.path, launch
sys.exit(not os.path.realpath(launch.__file__).startswith(os.path.realpath(".")))' 2>/dev/null
}

# make_venv worker|dev: bring .venv in step with the lock; nothing to do is quick.
make_venv() {
    locked=$(cat uv.lock pyproject.toml | cksum)
    stamp=.venv/.installed-$1
    [ ! -d .venv ] || venv_is_ours || rm -rf .venv
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$locked" ]; then
        return
    fi
    echo "Installing Python packages into .venv (about a minute the first time) ..."
    python=$(find_python) || python=
    if command -v uv >/dev/null; then
        install_with_uv "$1" "$python"
    else
        install_with_pip "$1" "$python"
    fi
    echo "$locked" >"$stamp"
}
