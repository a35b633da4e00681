import assert from "node:assert/strict";
import { test } from "node:test";
import { whatVersionsLack } from "../../../components/model/rules";

type Options = Parameters<typeof whatVersionsLack>[0];

/** The missing options, one per line. */
function lacking(options: Options, versions: Parameters<typeof whatVersionsLack>[1]): string {
  return whatVersionsLack(options, versions)
    .map(({ path, message }) => `\`${path}\` ${message}`)
    .join("\n");
}

const options = {
  oauth2: { logoutUri: "https://pve.example.com/logout", postLogoutRedirectUris: [] },
  application: { slug: "s".repeat(51) },
  realm: { groupsClaim: "groups", audiences: "api" },
};

test("options that the configured versions lack are refused, all at once, with the version that has each", () => {
  const message =
    /`oauth2\.logoutUri` needs authentik 2025\.6 or later, and this is 2025\.4\.1: remove it, or upgrade\n`application\.slug` needs authentik 2025\.12 or later \(before: 50 characters at most\).*\n`realm\.audiences` needs Proxmox VE 9\.2 or later, and this is 8\.4/;
  assert.match(
    lacking(options, { authentik: "ghcr.io/goauthentik/server:2025.4.1", proxmox: "8.4" }),
    message,
  );
});

test("versions that have all options, or are unknown, are accepted", () => {
  assert.equal(lacking(options, { authentik: "2026.5.0", proxmox: "9.2" }), "");
  assert.equal(lacking(options, { authentik: "ghcr.io/goauthentik/server:latest", proxmox: "9.2.11" }), "");
  assert.equal(lacking(options, {}), "");
});

test("Proxmox VE 7.0 accepts three username claims, and no other", () => {
  const claims = (usernameClaim: string) => ({ realm: { usernameClaim } });
  const message =
    /`realm\.usernameClaim` needs Proxmox VE 7\.1 or later \(before: subject, username, email\), and this is 7\.0/;
  assert.match(lacking(claims("nickname"), { proxmox: "7.0" }), message);
  assert.equal(lacking(claims("nickname"), { proxmox: "7.1" }), "");
  for (const claim of ["subject", "username", "email"]) {
    assert.equal(lacking(claims(claim), { proxmox: "7.0" }), "");
  }
});

test("a release candidate is older than its release", () => {
  const hidden = { application: { hide: true } };
  assert.match(lacking(hidden, { authentik: "2026.5.0-rc1" }), /2026\.5\.0-rc1/);
  assert.equal(lacking(hidden, { authentik: "2026.5" }), "");
});

test("the grant token-exchange needs a later authentik than the other grants", () => {
  const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
  const grants = (grant: "password" | typeof exchange) => ({ oauth2: { grantTypes: [grant] } });
  assert.match(
    lacking(grants(exchange), { authentik: "2026.5.6" }),
    /`oauth2\.grantTypes` needs authentik 2026\.8 or later \(before: all but \S+token-exchange\)/,
  );
  assert.equal(lacking(grants(exchange), { authentik: "2026.8.1" }), "");
  assert.equal(lacking(grants("password"), { authentik: "2026.5.6" }), "");
  assert.match(
    lacking(grants("password"), { authentik: "2026.2.1" }),
    /`oauth2\.grantTypes` needs authentik 2026\.5 or later, and/,
  );
});
