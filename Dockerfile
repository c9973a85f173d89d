# The command in a container: `docker build --tag trailproof .`, then
# `docker run --rm --volume "$PWD:/work:ro" trailproof audit .`
FROM rust:1.95-slim-bookworm AS build
# ring and mimalloc are built by a C compiler; the certificate authorities go into the image.
RUN apt-get update && apt-get install --yes --no-install-recommends \
    ca-certificates gcc libc6-dev make perl
WORKDIR /source
COPY . .
RUN CARGO_PROFILE_RELEASE_STRIP=symbols \
    cargo build --locked --release --package cis-cli --bin trailproof

FROM debian:bookworm-slim
# For accounts that are read live.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /source/target/release/trailproof /usr/local/bin/trailproof
COPY LICENSE /usr/share/doc/trailproof/LICENSE
# A number, so that a cluster can see that it is not root.
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["trailproof"]
CMD ["help"]
