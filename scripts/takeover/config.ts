import { whyUnusable } from "../../components/refusals";
import { project } from "../doctor/patient";
import type { FoundAccess } from "./access";
import type { HandMade } from "./hand-made";

/** The stack's config that takes over what was found, without the client secret. */
export function configOf(
  { realmName, realm, application, provider }: HandMade,
  access: FoundAccess["config"],
): Record<string, unknown> {
  const claim = realm["username-claim"] ?? "sub";
  return {
    adopt: true,
    realm: realmName,
    ...(realm.default === 1 && { realmDefault: true }),
    ...(realm.autocreate !== 1 && { autocreate: false }),
    ...(claim !== "username" && whyUnusable(claim) === undefined && { usernameClaim: claim }),
    applicationName: application.name,
    applicationSlug: application.slug,
    clientId: provider.client_id,
    ...access,
  };
}

/** As `pulumi config set-all --json` takes it: what has structure is kept as such. */
export function asPulumiPrints(config: Record<string, unknown>): string {
  const printed = Object.entries(config).map(([key, value]) => [
    `${project}:${key}`,
    typeof value === "object"
      ? { value: JSON.stringify(value), objectValue: value }
      : { value: String(value) },
  ]);
  return JSON.stringify(Object.fromEntries(printed));
}
