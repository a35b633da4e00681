import type { Clock } from "../clock";
import type { Node } from "../node";
import { isSame, sign } from "./secrets";

const lifetimeSeconds = 2 * 60 * 60;

type Issuer = Pick<Node, "store" | "clock">;

/** Prefix of the name in a ticket that waits for the second factor. No user name starts with it. */
export const tfaPrefix = "!tfa!";

export function issueTicket(
  { store: { config }, clock }: Issuer,
  userid: string,
  prefix = "",
): { ticket: string; CSRFPreventionToken: string } {
  const time = hexTime(clock);
  const plain = `PVE:${prefix}${userid}:${time}`;
  return {
    ticket: `${plain}::${sign(config.authKey, plain)}`,
    CSRFPreventionToken: `${time}:${sign(config.authKey, `${time}:${userid}`)}`,
  };
}

/** The user of a ticket. As on a real node, tickets of users with non-ASCII names are never valid. */
export function userOfTicket({ store: { config }, clock }: Issuer, ticket: string): string | undefined {
  const match = /^(PVE:([\x21-\x7e]+):([0-9A-F]{8}))::(.+)$/.exec(ticket);
  const [, plain, userid, time, signature] = match ?? [];
  if (plain === undefined || userid === undefined || time === undefined || signature === undefined) {
    return undefined;
  }
  return isFresh(time, clock) && isSame(signature, sign(config.authKey, plain)) ? userid : undefined;
}

export function isCsrfToken({ store: { config }, clock }: Issuer, userid: string, token: string): boolean {
  const [time = "", signature = ""] = token.split(/:(.*)/s);
  return isFresh(time, clock) && isSame(signature, sign(config.authKey, `${time}:${userid}`));
}

function hexTime(clock: Clock): string {
  return Math.floor(clock.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, "0");
}

function isFresh(time: string, clock: Clock): boolean {
  const age = clock.now() / 1000 - Number.parseInt(time, 16);
  return age > -300 && age < lifetimeSeconds;
}
