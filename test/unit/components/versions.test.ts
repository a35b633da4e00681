import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { defaultImages } from "../../../components/images";
import { requiresRedis } from "../../../components/versions";

const digest = `sha256:${"0".repeat(64)}`;

suite("authentik that needs redis", () => {
  for (const version of [
    "2024.12.3",
    "2025.8",
    "2025.8.1",
    "2025.10.0-rc1",
    "2025.10-rc2",
    "ghcr.io/goauthentik/server:2025.8.1",
    `ghcr.io/goauthentik/server:2025.8.1@${digest}`,
    "registry.example.com:5000/authentik:2024.2.1",
    "ghcr.io/goauthentik/server:2025.8.1-arm64",
  ]) {
    test(version, () => assert.equal(requiresRedis(version), true));
  }
});

suite("authentik that needs none", () => {
  for (const version of [
    "2025.10",
    "2025.10.0",
    "2025.12.1",
    "2026.2",
    "2026.5.0-rc1",
    "ghcr.io/goauthentik/server:2026.5.0",
    "ghcr.io/goauthentik/server:2025.10.3-amd64",
    "registry.example.com:2025/authentik:latest",
    "ghcr.io/goauthentik/server",
    `ghcr.io/goauthentik/server@${digest}`,
    "",
    defaultImages.authentik,
  ]) {
    test(version || "one of unknown version", () => assert.equal(requiresRedis(version), false));
  }
});
