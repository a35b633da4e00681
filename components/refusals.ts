import { RunError } from "@pulumi/pulumi/errors";
import { userId } from "../providers/proxmox/names";
import { type AccessContext, mistakesInAccess } from "./access/mistakes";
import type { ProxmoxAuthentikSsoArgs } from "./ssoArgs";

type Options = Omit<ProxmoxAuthentikSsoArgs, "authentik">;

/**
 * Options that both servers accept and that make every login fail, or open Proxmox to everybody; measured with
 * real servers. They are refused before anything is made, all at once.
 */
export function refuseWhatCannotWork(args: Options): void {
  const reasons = Object.entries(rules)
    .filter(([, applies]) => applies(args))
    .map(([reason]) => reason);
  reasons.push(
    ...mistakesInAccess(args.access, accessContext(args)).map((mistake) => `\`access\` ${mistake}`),
  );
  const claim = args.realm?.usernameClaim ?? "username";
  const why = whyUnusable(claim, args.provider?.scopeMappings !== undefined);
  if (why) reasons.push(`\`realm.usernameClaim\` is "${claim}": ${why}`);
  const { testUser, realm } = args;
  const whyNot = testUser && whyNoTestUser(testUser.username, realm?.name ?? "authentik", claim);
  if (whyNot) reasons.push(`\`testUser.username\` is "${testUser.username}": ${whyNot}`);
  if (reasons.length > 0)
    throw new RunError(`This cannot work:\n${reasons.map((reason) => `- ${reason}`).join("\n")}`);
}

function accessContext({ realm, allowEveryone = false, proxmox, roles = {} }: Options): AccessContext {
  return {
    realm: realm?.name ?? "authentik",
    allowEveryone,
    proxmoxVersion: proxmox.version,
    ownRoles: Object.keys(roles),
  };
}

/** Claims that Proxmox and authentik have, but that cannot become a Proxmox user name. */
const unusableClaims: Readonly<Record<string, string>> = {
  sub: "authentik's subject is too long for a Proxmox user name (68 characters where 64 fit)",
  subject: "authentik's subject is too long for a Proxmox user name (68 characters where 64 fit)",
  upn: "authentik does not send it",
  uid: "authentik does not send it",
  name: "display names usually have spaces, which Proxmox refuses",
  given_name: "authentik sends the display name, which usually has spaces, and Proxmox refuses these",
  groups: "it is a list",
  email_verified: "it is a boolean",
};

/** Claims that can, with the scope in which authentik's own mappings emit each. */
const usableClaims: Readonly<Record<string, string>> = {
  username: "profile",
  preferred_username: "profile",
  nickname: "profile",
  email: "email",
};

/**
 * Why a claim cannot become a Proxmox user name, and which can; undefined where nothing is known against it.
 *
 * @param hasOwnMappings whether other mappings than authentik's own may emit it
 */
export function whyUnusable(claim: string, hasOwnMappings = false): string | undefined {
  const isEmitted = hasOwnMappings || claim in usableClaims;
  const why =
    unusableClaims[claim] ??
    (isEmitted
      ? undefined
      : "none of authentik's own scope mappings emits it, so that every login would fail (a program of your own may add one to `provider.scopeMappings`)");
  return why && `${why}. Use username (the default), preferred_username, nickname or email.`;
}

/** Why Proxmox lets nobody in whom authentik knows by this user name; undefined where nothing is known against it. */
export function whyNoLogin(username: string, realm: string, usernameClaim = "username"): string | undefined {
  // Another claim may say anything.
  if (usableClaims[usernameClaim] !== "profile") return undefined;
  const problem = userId.safeParse(`${username}@${realm}`).error?.issues[0]?.message;
  return problem && `this user could not log in to Proxmox, where a user ${problem}`;
}

/** The same of what somebody logs in to authentik by: beside an e-mail address there is a user name. */
export function whyNoTestUser(login: string, realm: string, usernameClaim?: string): string | undefined {
  return login.includes("@") ? undefined : whyNoLogin(login, realm, usernameClaim);
}

/** Whether the realm asks for other scopes, so that authentik's own mappings do not emit a claim. */
function lacksScope(claim: unknown, scope: string | undefined, { realm, provider }: Options): boolean {
  const scopes = realm?.scopes;
  if (typeof claim !== "string" || scope === undefined || typeof scopes !== "string") return false;
  return provider?.scopeMappings === undefined && !scopes.split(/\s+/).includes(scope);
}

const rules: Record<string, (args: Options) => boolean> = {
  "`proxmox.addresses` is empty: give the address people open Proxmox at, e.g. https://pve.example.com:8006. With no redirect URI authentik stores the first one that anybody sends.":
    (args) => args.proxmox.addresses.length === 0,
  "`provider.encryptionKey` is set: Proxmox cannot read encrypted ID tokens and only says 401. Leave it out, whatever a guide says.":
    (args) => args.provider?.encryptionKey !== undefined,
  '`provider.issuerMode` is "global": Proxmox looks for discovery below the issuer, where a global one has none. Leave it out.':
    (args) => args.provider?.issuerMode === "global",
  "`provider.scopeMappings` is empty: without the openid and profile mappings there is no claim for the user name. Leave it out.":
    (args) => Array.isArray(args.provider?.scopeMappings) && args.provider.scopeMappings.length === 0,
  "`realm.scopes` lacks the scope of the claim `realm.usernameClaim`, so that every login would fail: authentik emits email in the scope `email`, the others in `profile`. Add it, or leave `scopes` out.":
    (args) => {
      const claim = args.realm?.usernameClaim ?? "username";
      return lacksScope(claim, usableClaims[claim], args);
    },
  "`realm.scopes` lacks `profile`, in which authentik emits the claim `groups`: Proxmox would learn no groups. Add it, or leave `scopes` out.":
    (args) => args.realm?.groupsClaim === "groups" && lacksScope("groups", "profile", args),
  "`realm.queryUserinfo` and `provider.includeClaimsInIdToken` are both off, so that no claim reaches Proxmox and every login would fail: leave one of them out.":
    ({ realm, provider }) => realm?.queryUserinfo === false && provider?.includeClaimsInIdToken === false,
  '`application.policyEngineMode` is "all" with several groups in `access`: only who is in all of them could log in. Leave it out.':
    ({ application, access }) =>
      application?.policyEngineMode === "all" && Object.keys(access ?? {}).length > 1,
  "`realm.groupsClaim` is given beside `access`, which sets it: leave one of them out.": ({
    realm,
    access,
  }) => realm?.groupsClaim !== undefined && hasGroups(access),
  "`realm.groupsClaim` is a claim that nothing emits: authentik's own mappings emit `groups`. Use that, or add a scope mapping that emits it to `provider.scopeMappings`.":
    ({ realm, provider }) =>
      typeof realm?.groupsClaim === "string" &&
      realm.groupsClaim !== "groups" &&
      provider?.scopeMappings === undefined,
};

function hasGroups(access: Options["access"]): boolean {
  return Object.keys(access ?? {}).length > 0;
}
