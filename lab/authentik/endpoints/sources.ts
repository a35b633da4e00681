import { type Answer, type Call, type Endpoint, ok } from "../api/endpoint";
import type { Kind } from "../api/kind";
import { paginate } from "../api/listing";
import { show } from "../api/objects";

/** Lists over all kinds of sources. This simulator has OAuth sources only. */
export function sourceEndpoints(): Endpoint[] {
  return [
    { path: "sources/all/", methods: { GET: (call) => list(call, call.context.kinds.oauth_source) } },
    {
      path: "sources/group_connections/all/",
      methods: { GET: (call) => list(call, call.context.kinds.group_connection) },
    },
    { path: "sources/scim_groups/", methods: { GET: async () => ok({ pagination: none, results: [] }) } },
  ];
}

const none = { next: 0, count: 0 };

async function list({ context }: Call, kind: Kind): Promise<Answer> {
  const group = context.query.get("group");
  const stored = (await context.lab.store.list(kind.name)).filter(
    (document) => group === null || document.group === group,
  );
  const shown = await Promise.all(stored.map((document) => show(kind, document, context)));
  const { documents, pagination } = paginate(shown, context.query);
  return ok({ pagination, results: documents, autocomplete: {} });
}
