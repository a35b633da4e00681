import { type Result, warn } from "./check";

const dayMs = 24 * 60 * 60 * 1000;
const soonDays = 30;

/** A warning in the last days of something that the stack needs. */
export function soonWarning(expires: Date, what: string, advice: string): Result | undefined {
  const days = Math.floor((expires.getTime() - Date.now()) / dayMs);
  return days < soonDays ? warn(`${what} expires in ${days} days.`, advice) : undefined;
}
