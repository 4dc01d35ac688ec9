#!/bin/sh
# Prints the path of a Python that has PyPI x402, made at the first call, outside the repository. Where that cannot be,
# it ends with 1 and says why.
set -eu
version=2.25.0
folder=${XDG_CACHE_HOME:-$HOME/.cache}/power-oracle/python-x402
python=$folder/bin/python

has_it() {
  [ -x "$python" ] && "$python" -c "
import importlib.metadata, sys
sys.exit(importlib.metadata.version('x402') != '$version')
import eth_account, httpx, x402" 2>/dev/null
}
fail() {
  echo "$1" >&2
  exit 1
}

if ! has_it; then
  command -v python3 >/dev/null || fail 'there is no python3'
  mkdir -p "$(dirname "$folder")"
  log=$folder.log
  python3 -m venv --clear "$folder" >"$log" 2>&1 || fail "python3 has no venv: $(tail -n 1 "$log")"
  "$python" -m pip install --quiet --disable-pip-version-check "x402[evm,httpx]==$version" >"$log" 2>&1 ||
    fail "x402 $version cannot be installed: $(tail -n 1 "$log")"
  has_it || fail "x402 $version does not load"
fi
echo "$python"
