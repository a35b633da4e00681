import type { Config } from "../state/store";
import { isSame, sign } from "./secrets";

const lifetimeSeconds = 2 * 60 * 60;

export function issueTicket(config: Config, userid: string): { ticket: string; CSRFPreventionToken: string } {
  const time = hexTime();
  const plain = `PVE:${userid}:${time}`;
  return {
    ticket: `${plain}::${sign(config.authKey, plain)}`,
    CSRFPreventionToken: `${time}:${sign(config.authKey, `${time}:${userid}`)}`,
  };
}

/** The user a ticket was issued to. Tickets of users with non-ASCII names never verify, as on a real node. */
export function userOfTicket(config: Config, ticket: string): string | undefined {
  const match = /^(PVE:([\x21-\x7e]+):([0-9A-F]{8}))::(.+)$/.exec(ticket);
  const [, plain, userid, time, signature] = match ?? [];
  if (plain === undefined || userid === undefined || time === undefined || signature === undefined) {
    return undefined;
  }
  return isFresh(time) && isSame(signature, sign(config.authKey, plain)) ? userid : undefined;
}

export function isCsrfToken(config: Config, userid: string, token: string): boolean {
  const [time = "", signature = ""] = token.split(/:(.*)/s);
  return isFresh(time) && isSame(signature, sign(config.authKey, `${time}:${userid}`));
}

function hexTime(): string {
  return Math.floor(Date.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, "0");
}

function isFresh(time: string): boolean {
  const age = Date.now() / 1000 - Number.parseInt(time, 16);
  return age > -300 && age < lifetimeSeconds;
}
