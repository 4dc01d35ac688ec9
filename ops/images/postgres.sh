#!/bin/sh
# Starts Debian's Postgres as the official image does: a new data folder gets POSTGRES_USER and POSTGRES_DB.
set -eu
bin=$(echo /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
run() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

mkdir -p "$data" /run/postgresql
chown postgres:postgres "$data" /run/postgresql
chmod 700 "$data"
if [ ! -s "$data/PG_VERSION" ]; then
  echo "$POSTGRES_PASSWORD" >/tmp/password
  chmod 644 /tmp/password
  run "$bin/initdb" --pgdata="$data" --username="$POSTGRES_USER" --pwfile=/tmp/password --auth=scram-sha-256
  rm /tmp/password
  echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
  run "$bin/pg_ctl" --pgdata="$data" --options='-c listen_addresses=' --wait start
  PGPASSWORD=$POSTGRES_PASSWORD run "$bin/createdb" --username="$POSTGRES_USER" "$POSTGRES_DB"
  run "$bin/pg_ctl" --pgdata="$data" --wait stop
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres" -D "$data" -c listen_addresses='*'
