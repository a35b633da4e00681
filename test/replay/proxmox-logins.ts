import type { Login } from "../lab/tiny-issuer";

const alice = {
  preferred_username: "alice",
  email: "alice@example.test",
  given_name: "Alice",
  family_name: "Rig",
};

const inBoth = (claims: Record<string, unknown>): Login => ({ claims, userinfo: claims });
const named = (name: string): Login => inBoth({ preferred_username: name });
const inGroups = (groups: unknown): Login => inBoth({ ...alice, groups });

/**
 * The answers of the recorded identity provider, by the name of the login. The recordings do not contain
 * them.
 */
const logins: Record<string, Login> = {
  "username-with-space": named("a b"),
  "username-with-at": named("bob@example.test"),
  "username-with-slash": named("auth/x"),
  "username-claim-numeric": { claims: { preferred_username: 7 } },
  "username-claim-only-in-userinfo": { userinfo: { preferred_username: "fromui" } },
  "wrong-client-key": { authorization: "another" },
  "bad-signature": { ...inBoth(alice), signedByOtherKey: true },
  "expired-id-token": { ...inBoth(alice), lifetimeSeconds: -600 },
  "aud-array-with-other-audience": { ...inBoth(alice), audience: ["pve", "other"] },
  "aud-only-other": { ...inBoth(alice), audience: "other" },
  "aud-array-with-accepted-audience": { ...inBoth(alice), audience: ["pve", "other"] },
  "aud-only-accepted-other": { ...inBoth(alice), audience: "other" },
  "userinfo-fails": { claims: alice, userinfoStatus: 500 },
  "userinfo-fails-but-not-queried": { claims: alice, userinfoStatus: 500 },
  "userinfo-sub-differs": { claims: alice, userinfo: { ...alice, sub: "another" } },
  "groups-none-exist": inGroups(["admins", "bad name", "viewers"]),
  "groups-existing-only": inGroups(["admins", "bad name", "viewers"]),
  "groups-autocreate": inGroups(["admins", "bad name", "viewers"]),
  "groups-fewer-without-overwrite": inGroups(["viewers"]),
  "groups-fewer-with-overwrite": inGroups(["viewers"]),
  "groups-string-not-array": inGroups("admins"),
  "groups-empty-with-overwrite": inGroups([]),
  "groups-with-invalid-name-only": inGroups(["bad name", "a/b"]),
  "without-client-key": { ...inGroups(["admins", "bad name", "viewers"]), authorization: undefined },
};

export function loginOf(file: string): Login {
  return logins[file.replace(/^\d+-login-/, "")] ?? inBoth(alice);
}
