# syntax=docker/dockerfile:1
FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --profile dist --locked

FROM debian:bookworm-slim
# For PDF in the scripts of Asia and the Pacific.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install -y --no-install-recommends \
    fonts-noto-core fonts-droid-fallback fonts-nanum fonts-symbola \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/rapporteur rapporteur \
    && install -d -m 0700 -o rapporteur /var/lib/rapporteur/data /var/lib/rapporteur/keys
COPY --from=build /src/target/dist/rapporteur /usr/local/bin/rapporteur
USER 10001
WORKDIR /var/lib/rapporteur
ENV RAPPORTEUR_SERVER__BIND=0.0.0.0:8080 \
    RAPPORTEUR_DATA__FOLDER=/var/lib/rapporteur/data \
    RAPPORTEUR_KEYS__FOLDER=/var/lib/rapporteur/keys \
    RAPPORTEUR_LOG__FORMAT=json
# Two volumes, for two backups that are kept apart.
VOLUME ["/var/lib/rapporteur/data", "/var/lib/rapporteur/keys"]
EXPOSE 8080
ENTRYPOINT ["rapporteur"]
CMD ["serve"]
