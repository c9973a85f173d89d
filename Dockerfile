# The command in a container: `docker build --tag trailproof .`, then
# `docker run --rm --volume "$PWD:/work:ro" trailproof audit .`
FROM rust:1.95-slim-bookworm AS build
# ring and mimalloc are built by a C compiler.
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev make perl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --locked --release --package cis-cli --bin trailproof

FROM debian:bookworm-slim
# Certificate authorities, for accounts that are read live.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /source/target/release/trailproof /usr/local/bin/trailproof
COPY LICENSE /usr/share/doc/trailproof/LICENSE
# A number, so that a cluster can see that it is not root.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["trailproof"]
CMD ["help"]
