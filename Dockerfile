# The service on Node 24 LTS, with nothing else in its image: no shell, no package manager.
# Plain instructions only: BuildKit and the classic builder read the same file.
#
#   docker build -t power-oracle .                 the service
#   docker build -t power-oracle-tools --target tools .   the same with what docker-compose.yml needs for development

# Any image that has glibc, node and npm serves.
ARG NODE_IMAGE=node:24.11.1-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node --import tsx build.ts && node --import tsx ops/compose/build.ts

# What the service reads at run time: the program, the packages that it loads, Node and the libraries of both.
FROM build AS files
RUN npm prune --omit=dev --omit=optional --no-audit --no-fund \
  && rm -rf node_modules/tsx node_modules/esbuild node_modules/preact node_modules/uqr node_modules/.bin node_modules/.package-lock.json \
    node_modules/viem/_cjs node_modules/viem/_types node_modules/ox/_cjs node_modules/ox/_types \
  && find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -name '*.md' \) -delete \
  && find node_modules/@photostructure/sqlite/prebuilds -mindepth 1 -maxdepth 1 ! -name "linux-$(node -p process.arch)" \
    -exec rm -rf {} + \
  && mkdir -p /files/app/dist /files/app/data /files/tmp /files/etc /files/usr/bin \
  && cp -a node_modules package.json /files/app/ \
  && cp -a dist/bundle /files/app/dist/ \
  && cp "$(command -v node)" /files/usr/bin/node \
  && for library in $(ldd "$(command -v node)" | grep -o '/[^ )]*'); do cp -L --parents "$library" /files; done \
  && echo 'power-oracle:x:65532:65532::/app:/sbin/nologin' > /files/etc/passwd \
  && echo 'power-oracle:x:65532:' > /files/etc/group \
  && echo 'hosts: files dns' > /files/etc/nsswitch.conf \
  && chmod 1777 /files/tmp \
  && chown 65532:65532 /files/app/data

FROM scratch AS service
COPY --from=files /files /
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 PATH=/usr/bin
USER 65532:65532
EXPOSE 3000
# The last price quote, and the database where DATABASE_URL names none; all else may be read-only.
VOLUME /app/data
# Paid requests get 15 s to finish: stop with a longer grace, such as `docker stop --time 25`.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`,{signal:AbortSignal.timeout(3000)}).then(({ok})=>process.exit(ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node"]
CMD ["dist/bundle/server.mjs"]

# Development only: sets up and drives the regtest network of docker-compose.yml.
FROM service AS tools
COPY --from=build /src/dist/compose /app/dist/compose
HEALTHCHECK NONE
CMD ["dist/compose/main.mjs"]

# Last, so that it is what a build without --target makes.
FROM service
