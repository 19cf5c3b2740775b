#!/bin/sh
# Runs once, when the database is made: who owns the tables, and who serves people and is bound by row level security.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  --set owner="$(cat /run/secrets/owner_password)" --set app="$(cat /run/secrets/app_password)" <<'SQL'
CREATE ROLE vw_owner NOLOGIN;
CREATE ROLE vw_app NOLOGIN;
CREATE ROLE verifywise_owner LOGIN PASSWORD :'owner' IN ROLE vw_owner;
CREATE ROLE verifywise_app LOGIN PASSWORD :'app' IN ROLE vw_app;
ALTER DATABASE verifywise OWNER TO vw_owner;
SQL
