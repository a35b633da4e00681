import { RunError } from "@pulumi/pulumi/errors";
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
  const claim = args.realm?.usernameClaim;
  const why = claim && whyUnusable(claim);
  if (why) reasons.push(`\`realm.usernameClaim\` is "${claim}": ${why}`);
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
  groups: "it is a list",
  email_verified: "it is a boolean",
};

/** Why a claim cannot become a Proxmox user name, and which can; undefined where nothing is known against it. */
export function whyUnusable(claim: string): string | undefined {
  const why = unusableClaims[claim];
  return why && `${why}. Use username (the default), preferred_username, nickname or email.`;
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
