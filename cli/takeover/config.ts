import { whyUnusable } from "../../components/model/claims";
import { pathsOf } from "../stack/config-paths";
import type { FoundAccess } from "./access";
import { type HandMade, learnsGroups } from "./hand-made";

/** The options that take over what was found, without the client secret, by their names in `clusters`. */
export function optionsOf(
  { realmName, realm, application, provider, ...handMade }: HandMade,
  access: FoundAccess["config"],
): Record<string, unknown> {
  const claim = realm["username-claim"] ?? "sub";
  return {
    realm: realmName,
    ...(realm.default === 1 && { realmDefault: true }),
    ...(realm.autocreate !== 1 && { autocreate: false }),
    ...(claim !== "username" && whyUnusable(claim) === undefined && { usernameClaim: claim }),
    applicationName: application.name,
    applicationSlug: application.slug,
    clientId: provider.client_id,
    ...(!handMade.other && !learnsGroups(handMade) && { version: handMade.version }),
    ...access,
  };
}

/** The same options by their top-level config keys. */
export function atTheTop({ version, ...options }: Record<string, unknown>): Record<string, unknown> {
  return { adopt: true, ...options, ...(version !== undefined && { proxmoxVersion: version }) };
}

/** Arguments of `pulumi config set-all`. */
export function asArguments(config: Record<string, unknown>): string[] {
  const pairs = Object.entries(config).flatMap(([key, value]) => Object.entries(pathsOf(key, value)));
  return ["--path", ...pairs.flatMap(([key, value]) => ["--plaintext", `${key}=${value}`])];
}
