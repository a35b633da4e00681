import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseWhatVersionsLack } from "../../../components/versionRefusals";

const options = {
  provider: { logoutUri: "https://pve.example.com/logout", postLogoutRedirectUris: [] },
  application: { slug: "s".repeat(51) },
  realm: { groupsClaim: "groups", audiences: "api" },
};

test("options that the configured versions lack are refused, all at once, with the version that has each", () => {
  const message =
    /`logoutUri` needs authentik 2025\.6 or later, and this is 2025\.4\.1\n- `slug` needs authentik 2025\.12 or later \(before: 50 characters at most\).*\n- `audiences` needs Proxmox VE 9\.2 or later, and this is 8\.4/;
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

test("Proxmox VE 7.0 takes three username claims, and no other", () => {
  const claims = (usernameClaim: string) => ({ realm: { usernameClaim } });
  const message =
    /`usernameClaim` needs Proxmox VE 7\.1 or later \(before: subject, username, email\), and this is 7\.0/;
  assert.throws(() => refuseWhatVersionsLack(claims("nickname"), { proxmox: "7.0" }), message);
  refuseWhatVersionsLack(claims("nickname"), { proxmox: "7.1" });
  for (const claim of ["subject", "username", "email"]) {
    refuseWhatVersionsLack(claims(claim), { proxmox: "7.0" });
  }
});

test("a release candidate is older than its release", () => {
  const hidden = { application: { hide: true } };
  assert.throws(() => refuseWhatVersionsLack(hidden, { authentik: "2026.5.0-rc1" }), /2026\.5\.0-rc1/);
  refuseWhatVersionsLack(hidden, { authentik: "2026.5" });
});
