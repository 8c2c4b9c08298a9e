#!/bin/sh
# Makes the plain login that Rapporteur runs as, and its database. The image of PostgreSQL runs it once, as its superuser, when it makes
# the cluster (/docker-entrypoint-initdb.d).
set -eu
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --set=password="$RAPPORTEUR_DATABASE_PASSWORD" \
    --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
CREATE ROLE rapporteur LOGIN PASSWORD :'password';
CREATE DATABASE rapporteur OWNER rapporteur;
SQL
