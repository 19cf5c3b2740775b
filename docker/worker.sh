#!/bin/sh
# The worker, as the launcher starts it on any other machine. In place of this shell, so that signals reach it.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-1}"
exec node $(cat node.flags) dist/apps/worker/main.js
