import { RejectedError, UserError } from "../core/errors";
import { oncePerClient } from "../core/once";
import type { AuthentikClient } from "./client";
import type { Flow, ScopeMapping } from "./wire";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const lookUps = new WeakMap<AuthentikClient, Map<string, Promise<string>>>();

/** The id of a flow, by slug or id. Looked up once per process. */
export function flowId(client: AuthentikClient, reference: string): Promise<string> {
  return once(client, `flow ${reference}`, reference, async () => {
    const [flow] = await client.flows.list({ slug: reference });
    if (flow) return flow.pk;
    const flows = await client.flows.all();
    throw new UserError(
      flows.length === 0
        ? `authentik has no flow "${reference}" and no other one: its worker has not created the default flows yet. Look at the worker's log, then run pulumi up again.`
        : `authentik has no flow "${reference}": it was deleted or renamed, or the slug is wrong. Name one that exists by \`authorizationFlow\` or \`invalidationFlow\`: ${describeFlows(flows)}.`,
    );
  });
}

/** The flows for a message, grouped by designation. */
function describeFlows(flows: readonly Flow[]): string {
  return ["authorization", "invalidation", "authentication"]
    .map((purpose) => {
      const slugs = flows.filter(({ designation }) => designation === purpose).map(({ slug }) => slug);
      return `for ${purpose} ${slugs.join(", ") || "none"}`;
    })
    .join("; ");
}

/** The id of a scope mapping, by `managed` name, scope name or id. Looked up once per process. */
export function scopeMappingId(client: AuthentikClient, reference: string): Promise<string> {
  return once(client, `scope mapping ${reference}`, reference, async () => {
    const known = (await knownScopeMappings(client)).filter(
      ({ managed, scope_name }) => managed === reference || scope_name === reference,
    );
    // A mapping that is not cached may have been created since.
    const mappings = known.length > 0 ? known : await scopeMappings(client, reference);
    const [mapping, ...others] = mappings;
    if (mapping && others.length === 0) return mapping.pk;
    throw new UserError(
      mapping
        ? `authentik has ${mappings.length} scope mappings for the scope "${reference}". Name the one that is meant by its id: ${mappings.map(({ pk }) => pk).join(", ")}.`
        : `authentik has no scope mapping "${reference}". Check Customization > Property Mappings; it must be a managed name, a scope name or an id.`,
    );
  });
}

/** One call for all mappings, because a provider usually has three or more. */
const knownScopeMappings = oncePerClient((client: AuthentikClient) =>
  client.scopeMappings.list({ ordering: "scope_name" }),
);

/** Managed names contain slashes. authentik refuses unknown ones as a filter. */
async function scopeMappings(client: AuthentikClient, reference: string): Promise<ScopeMapping[]> {
  if (!reference.includes("/")) return client.scopeMappings.list({ scope_name: reference });
  try {
    return await client.scopeMappings.list({ managed: reference });
  } catch (error) {
    if (error instanceof RejectedError) return [];
    throw error;
  }
}

function once(
  client: AuthentikClient,
  key: string,
  reference: string,
  lookUp: () => Promise<string>,
): Promise<string> {
  if (uuid.test(reference)) return Promise.resolve(reference.toLowerCase());
  const known = lookUps.get(client) ?? new Map<string, Promise<string>>();
  lookUps.set(client, known);
  const found = known.get(key) ?? lookUp();
  known.set(key, found);
  found.catch(() => known.delete(key));
  return found;
}
