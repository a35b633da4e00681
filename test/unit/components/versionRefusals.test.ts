import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseWhatVersionsLack } from "../../../components/versionRefusals";

const options = {
  provider: { logoutUri: "https://pve.example.com/logout", postLogoutRedirectUris: [] },
  application: { icon: "fa://fa-server" },
  realm: { groupsClaim: "groups", audiences: "api" },
};

test("options that the configured versions lack are refused, all at once, with the version that has each", () => {
  const message =
    /`logoutUri` needs authentik 2025\.6 or later, and this is 2025\.4\.1\n- `icon` needs authentik 2025\.12.*\n- `audiences` needs Proxmox VE 9\.2 or later, and this is 8\.4/;
  assert.throws(
    () =>
      refuseWhatVersionsLack(options, {
        authentik: "ghcr.io/goauthentik/server:2025.4.1",
        proxmox: "8.4",
      }),
    message,
  );
});

test("versions that have all options, or cannot be told, are let through", () => {
  refuseWhatVersionsLack(options, { authentik: "2026.5.0", proxmox: "9.2" });
  refuseWhatVersionsLack(options, { authentik: "ghcr.io/goauthentik/server:latest", proxmox: "9.2.11" });
  refuseWhatVersionsLack(options, {});
});

test("a release candidate is older than its release", () => {
  const hidden = { application: { hide: true } };
  assert.throws(() => refuseWhatVersionsLack(hidden, { authentik: "2026.5.0-rc1" }), /2026\.5\.0-rc1/);
  refuseWhatVersionsLack(hidden, { authentik: "2026.5" });
});
