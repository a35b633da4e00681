import { userId } from "../../providers/proxmox/names";

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
export const usableClaims: Readonly<Record<string, string>> = {
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
      : "none of authentik's own scope mappings emits it, so that every login would fail (a program of your own may add one to `oauth2.scopeMappings`)");
  return why && `${why}. Use username (the default), preferred_username, nickname or email.`;
}

/** Why Proxmox lets nobody in whom authentik knows by this user name; undefined where nothing is known against it. */
export function whyNoLogin(username: string, realm: string, usernameClaim: string): string | undefined {
  // Another claim may say anything.
  if (usableClaims[usernameClaim] !== "profile") return undefined;
  const problem = userId.safeParse(`${username}@${realm}`).error?.issues[0]?.message;
  return problem && `this user could not log in to Proxmox, where a user ${problem}`;
}

/** The same of what somebody logs in to authentik by: beside an e-mail address there is a user name. */
export function whyNoTestUser(login: string, realm: string, usernameClaim: string): string | undefined {
  return login.includes("@") ? undefined : whyNoLogin(login, realm, usernameClaim);
}
