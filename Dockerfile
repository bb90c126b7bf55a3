# Outrider as an image: Node, the libraries it is linked with, and the bundle; no shell, no packages, no root.
#   docker build -t outrider .
ARG NODE=24.21.0

FROM node:${NODE}-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build -- --out /image/app

# What the process needs of a system: its libraries, a user, a folder to write to, and names by hosts file, then DNS.
RUN set -eu; cd /image; \
    mkdir -p usr/local/bin etc tmp var/lib/outrider; \
    cp /usr/local/bin/node usr/local/bin/; \
    ldd /usr/local/bin/node | grep -o '/[^ ]*' | while read -r library; do cp -L --parents "$library" .; done; \
    echo 'outrider:x:65532:65532::/var/lib/outrider:/sbin/nologin' > etc/passwd; \
    echo 'outrider:x:65532:' > etc/group; \
    echo 'hosts: files dns' > etc/nsswitch.conf; \
    chmod 1777 tmp; chown 65532:65532 var/lib/outrider

FROM scratch
LABEL org.opencontainers.image.title="outrider" \
      org.opencontainers.image.description="Rides beside Apache Flink jobs, scales only when that helps, and says why in one line." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /image /
ENV NODE_ENV=production PATH=/usr/local/bin
USER 65532:65532
WORKDIR /var/lib/outrider
EXPOSE 8090
ENTRYPOINT ["/usr/local/bin/node", "/app/server/outrider.js"]
CMD ["run"]
