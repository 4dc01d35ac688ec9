#!/usr/bin/env bash
# Runs a command where a Docker engine answers: the machine's own, or one that is installed and started here for as long
# as the command takes. Exits with 77 and the reason where there can be none.
set -u
cache="${XDG_CACHE_HOME:-$HOME/.cache}/power-oracle"

leave_out() {
  echo "# SKIP docker compose: $1"
  exit 77
}

has() { command -v "$1" >/dev/null; }

# What builds the images of docker-compose.yml without a registry.
prepare() {
  local missing=()
  has mmdebstrap || missing+=(mmdebstrap)
  has docker-compose || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
  [ "$1" = engine ] && ! has dockerd && missing+=(docker.io iptables)
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" = 0 ] && has apt-get || leave_out "${missing[*]} may not be installed here"
  apt-get update -q || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" ||
    leave_out "${missing[*]} cannot be installed"
}

has go || leave_out 'LND and btcd are built with Go'
if docker info >/dev/null 2>&1; then
  prepare
  "$@"
  exit
fi

[ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] || leave_out 'no Docker engine answers, and this user may not start one'
prepare engine
run=$(mktemp -d)
mkdir -p "$cache/docker"
export DOCKER_HOST="unix://$run/docker.sock"
# Images stay in the cache for the next run; whatever else the engine makes goes with it.
dockerd --data-root "$cache/docker" --exec-root "$run/exec" --pidfile "$run/pid" --host "$DOCKER_HOST" \
  >"$run/log" 2>&1 &
engine=$!
stop() {
  kill "$engine" 2>/dev/null
  wait "$engine" 2>/dev/null
  rm -rf "$run"
}
trap stop EXIT
for _ in $(seq 60); do
  docker info >/dev/null 2>&1 && break
  kill -0 "$engine" 2>/dev/null || leave_out "dockerd does not run here: $(tail -n 1 "$run/log")"
  sleep 0.5
done
docker info >/dev/null 2>&1 || leave_out "dockerd does not answer: $(tail -n 1 "$run/log")"
"$@"
