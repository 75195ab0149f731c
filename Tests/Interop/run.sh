#!/usr/bin/env bash
# Makes a virtual environment, generates the stubs from Sources/Wire/liandong.proto, and runs what is
# named: `run.sh` the self-tests, `run.sh child ARGUMENTS` the child node.
# INTEROP_WORK names a folder for the environment and the stubs; without it a temporary one is used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
proto="$here/../../Sources/Wire"
work=${INTEROP_WORK:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work/stubs"
if [ ! -f "$work/ready" ]; then
  {
    python3 -m venv "$work/venv" &&
      "$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt" &&
      touch "$work/ready"
  } >&2 || {
    echo "run.sh: python3 with venv, or the packages of requirements.txt, cannot be had" >&2
    exit 69
  }
fi
"$work/venv/bin/python" -m grpc_tools.protoc -I "$proto" \
  --python_out="$work/stubs" --grpc_python_out="$work/stubs" "$proto/liandong.proto"
export PYTHONPATH="$here:$work/stubs" PYTHONDONTWRITEBYTECODE=1
case ${1:-test} in
  test) "$work/venv/bin/python" -m unittest discover --start-directory "$here" --pattern 'test_*.py' ;;
  prepare) ;;
  child)
    shift
    # Without a temporary folder to remove, the child takes this process's place and its signals.
    if [ -n "${INTEROP_WORK:-}" ]; then
      exec "$work/venv/bin/python" "$here/liandong_child.py" "$@"
    fi
    "$work/venv/bin/python" "$here/liandong_child.py" "$@"
    ;;
  *)
    echo "run.sh: test, prepare or child" >&2
    exit 64
    ;;
esac
