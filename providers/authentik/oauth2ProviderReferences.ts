import type { AuthentikClient } from "./client";
import type { OAuth2ProviderInputs as Inputs } from "./oauth2Provider";
import { flowId, scopeMappingId } from "./references";
import type { OAuth2Provider as Remote } from "./wire";

export const flows = {
  authenticationFlow: "authentication_flow",
  authorizationFlow: "authorization_flow",
  invalidationFlow: "invalidation_flow",
} as const satisfies Partial<Record<keyof Inputs, keyof Remote>>;

/** Ids of flows and scope mappings, by the names in the inputs. */
export type ReferenceIds = Readonly<Record<string, string>>;

/** A provider whose references have the names that the inputs use. */
export interface Resolved {
  readonly provider: Remote;
  readonly names: Pick<Inputs, keyof typeof flows | "scopeMappings">;
  /** Ids for the names. The state stores them, so a refresh needs no lookups. */
  readonly referenceIds: ReferenceIds | undefined;
}

/**
 * Replaces ids by the configured names. An id without a matching name stays and shows as drift.
 * @param known ids from the state; other names are looked up
 */
export async function resolve(
  client: AuthentikClient,
  provider: Remote,
  wanted: Inputs,
  known: ReferenceIds = {},
): Promise<Resolved> {
  const referenceIds: Record<string, string> = {};
  const named = async (id: string, references: readonly string[], ask: typeof flowId): Promise<string> => {
    const asked = async () => {
      const ids = await Promise.all(references.map((reference) => ask(client, reference)));
      return references[ids.indexOf(id)];
    };
    const reference = references.find((candidate) => known[candidate] === id) ?? (await asked());
    if (reference === undefined) return id;
    referenceIds[reference] = id;
    return reference;
  };
  const flow = (key: keyof typeof flows, id: string) => named(id, wanted[key] ? [wanted[key]] : [], flowId);
  const { authentication_flow: authentication, property_mappings: mappings } = provider;
  const names = {
    authenticationFlow: authentication ? await flow("authenticationFlow", authentication) : undefined,
    authorizationFlow: await flow("authorizationFlow", provider.authorization_flow),
    invalidationFlow: await flow("invalidationFlow", provider.invalidation_flow),
    scopeMappings: await Promise.all(mappings.map((id) => named(id, wanted.scopeMappings, scopeMappingId))),
  };
  names.scopeMappings.sort();
  return { provider, names, referenceIds };
}
