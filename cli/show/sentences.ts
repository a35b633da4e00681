import type { Cluster } from "./overview";

const dayMs = 24 * 60 * 60 * 1000;
/** Days before an expiry in which it is shown as urgent. */
export const soonDays = 30;

export function daysLeft(expires: Date): number {
  return Math.floor((expires.getTime() - Date.now()) / dayMs);
}

/** How long a certificate is valid, or when it expired. */
export function lastsSentence(expires: Date): string {
  const days = daysLeft(expires);
  if (days < 0) return "has expired";
  return days === 1 ? "1 day left" : `${days} days left`;
}

/** The result of the proof, with its time. */
export function provedSentence(proof: Cluster["proof"]): string {
  if (proof === undefined) return "none yet: the last up ended before it.";
  const at = new Date(proof.at);
  const time = Number.isNaN(at.getTime()) ? "" : `${at.toISOString().slice(0, 16).replace("T", " ")} UTC: `;
  return `${time}${proof.summary}`;
}

/** The realm's users on Proxmox, and what a destroy does with them. */
export function usersSentence({ users, usersUnknown, usersOnDelete }: Cluster): string | undefined {
  if (usersUnknown !== undefined) return `not known: ${usersUnknown}`;
  if (users === undefined) return undefined;
  if (users.length === 0) return "none yet";
  const fate = { remove: "removes them", refuse: "is refused while there are any" }[usersOnDelete];
  return `${users.join(", ")}; a destroy ${fate ?? "leaves them"}`;
}

export function accessSentence({ isOpen, groups }: Pick<Cluster, "isOpen" | "groups">): string {
  if (!isOpen) return "the members of these groups, nobody else";
  return groups.length > 0
    ? "everybody with an account in authentik; these groups have permissions"
    : "everybody with an account in authentik; this stack grants no permissions on Proxmox";
}

/** What somebody has changed on the servers since the last `up`. */
export function driftSentence(drift: readonly string[] | undefined): string {
  if (drift === undefined) return "not known: run pulumi refresh --preview-only, which says why";
  if (drift.length === 0) return "none";
  return `${drift.join("; ")}. Run pulumi up --refresh.`;
}
