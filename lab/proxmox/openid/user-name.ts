import { Failure } from "../errors";
import type { Claims } from "./id-token";

/** Claims for which the realm option has other names. */
const aliases: Record<string, string> = { subject: "sub", username: "preferred_username" };

/** The part of the user ID before the realm. */
export function userNameFrom(claims: Claims, claim = "sub"): string {
  const value = claims[claim];
  if (value !== undefined && value !== null) return asPerlString(value);
  const alias = aliases[claim];
  const aliased = alias === undefined ? undefined : claims[alias];
  if (aliased !== undefined && aliased !== null) return asPerlString(aliased);
  throw new Failure(
    alias !== undefined || claim === "email"
      ? `missing claim '${alias ?? claim}'`
      : `missing configured claim '${claim}' in returned info object`,
  );
}

/** Perl's conversion of a claim that is not a string. Such a login works, with an odd name. */
function asPerlString(value: unknown): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (Array.isArray(value)) return "ARRAY(0x56016190e1c0)";
  if (typeof value === "object") return "HASH(0x56016190e1c0)";
  return String(value);
}
