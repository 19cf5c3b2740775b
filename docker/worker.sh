#!/bin/sh
# The worker, with the flags that the launcher gives it on any other machine. In place of this shell, so that signals reach it.
exec node $(cat node.flags) dist/apps/worker/main.js
