#!/bin/sh
# The part of the official image's contract that authentik's stack uses.
set -eu

case "${1:-}" in
  -*) set -- redis-server "$@" ;;
esac

if [ "${1:-}" != redis-server ]; then
  exec "$@"
fi

# Like the official image: reachable from the other containers of its network.
set -- "$@" --protected-mode no
if [ "$(id -u)" = 0 ]; then
  chown -R redis:redis .
  exec setpriv --reuid=redis --regid=redis --init-groups "$@"
fi
exec "$@"
