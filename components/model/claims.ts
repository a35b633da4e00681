import { userId } from "../../providers/proxmox/names";

/** Claims that Proxmox and authentik support, but whose values cannot be Proxmox user names. */
const unusableClaims: Readonly<Record<string, string>> = {
  sub: "authentik's subject is too long for a Proxmox user name (68 characters, and 64 are allowed)",
  subject: "authentik's subject is too long for a Proxmox user name (68 characters, and 64 are allowed)",
  upn: "authentik does not send it",
  uid: "authentik does not send it",
  name: "display names usually have spaces, which Proxmox refuses",
  given_name: "authentik sends the display name, which usually has spaces, and Proxmox refuses spaces",
  groups: "it is a list",
  email_verified: "it is a boolean",
};

/** Claims that can be user names, with the scope whose default mapping emits each of them. */
export const usableClaims: Readonly<Record<string, string>> = {
  username: "profile",
  preferred_username: "profile",
  nickname: "profile",
  email: "email",
};

/**
 * Why a claim cannot be the user name on Proxmox, and which claims can. Undefined if it can.
 * @param hasOwnMappings whether custom scope mappings may emit the claim
 */
export function whyUnusable(claim: string, hasOwnMappings = false): string | undefined {
  const isEmitted = hasOwnMappings || claim in usableClaims;
  const why =
    unusableClaims[claim] ??
    (isEmitted
      ? undefined
      : "no scope mapping of authentik sends it, so every login would fail (a program of your own may add one to `oauth2.scopeMappings`)");
  return why && `${why}. Use username (the default), preferred_username, nickname or email.`;
}

/** Why Proxmox refuses an authentik user with this user name. Undefined if it does not. */
export function problemWithLogin(username: string, realm: string, usernameClaim: string): string | undefined {
  // The value of another claim is unknown here.
  if (usableClaims[usernameClaim] !== "profile") return undefined;
  const problem = userId.safeParse(`${username}@${realm}`).error?.issues[0]?.message;
  return problem && `this user could not log in to Proxmox, where a user ${problem}`;
}

/** The same check for a login name. An e-mail address as login name says nothing about the user name. */
export function problemWithTestUser(login: string, realm: string, usernameClaim: string): string | undefined {
  return login.includes("@") ? undefined : problemWithLogin(login, realm, usernameClaim);
}
