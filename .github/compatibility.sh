#!/usr/bin/env bash
# The whole chain with one image of authentik and the simulated Proxmox: from nothing to a proved login, unchanged at a second
# run, and gone again. It uses this clone's lab, and leaves Pulumi.dev.yaml as it was.
set -euo pipefail
image=${1:?usage: compatibility.sh <image of authentik>}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
config=Pulumi.dev.yaml
cp "$config" "$config.before"
finish() {
  local status=$?
  npm run stop || status=1
  mv "$config.before" "$config"
  exit "$status"
}
trap finish EXIT
printf '  proxmox-authentik-sso:authentikImage: %s\n' "$image" >> "$config"
npm start
npm run verify
npm run --silent pulumi -- up --yes --refresh --expect-no-changes
npm run doctor
