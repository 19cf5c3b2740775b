#!/bin/sh
# Makes what compose.yml reads from docker/secrets, once: what is there stays. Keep encryption_keys: without it no stored credential opens.
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
chmod 700 secrets

# Containers run as another user than the one who makes these: the folder keeps others out, the files let those in.
write() {
  [ -e "secrets/$1" ] || printf '%s\n' "$2" > "secrets/$1"
  chmod 444 "secrets/$1"
}
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

write postgres_password "$(random)"
write owner_password "$(random)"
write app_password "$(random)"
write queue_password "$(random)"
write database_owner_url "postgres://verifywise_owner:$(cat secrets/owner_password)@postgres:5432/verifywise"
write database_url "postgres://verifywise_app:$(cat secrets/app_password)@postgres:5432/verifywise"
write queue_url "redis://:$(cat secrets/queue_password)@valkey:6379"
write encryption_keys "k1:$(head -c 32 /dev/urandom | base64 | tr -d '\n')"
