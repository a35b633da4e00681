import type { Lab } from "../lab";
import type { Document } from "../store/store";
import { forbidden } from "./errors";

/** The user whose API token the request carries; undefined when it carries none. Never a 401. */
export async function authenticate(lab: Lab, header: string | undefined): Promise<Document | undefined> {
  if (header === undefined) return undefined;
  const [scheme = "", token = ""] = header.trim().split(/\s+/);
  if (scheme.toLowerCase() !== "bearer") throw forbidden(lab.profile.wrongSchemeDetail);
  if (token === "") return undefined;
  const tokens = await lab.store.list("token");
  const found = tokens.find((candidate) => candidate.key === token && candidate.intent === "api");
  const expired = found?.expiring === true && Date.parse(String(found.expires)) < Date.now();
  const user = found && !expired ? await lab.store.get("user", String(found.user)) : undefined;
  if (user?.is_active !== true) throw forbidden("Token invalid/expired");
  return user;
}
