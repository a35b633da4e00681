import { type Endpoint, NO_CONTENT, ok, parameter } from "../api/endpoint";
import type { Context, Kind } from "../api/kind";
import { listPage, type Page } from "../api/listing";
import { create, destroy, find, show, update } from "../api/objects";
import { grantInitially, permissionsFor } from "../api/permissions";
import type { Document, Json } from "../store/store";

/** The list and detail URLs of every kind. */
export function objectEndpoints(kind: Kind): Endpoint[] {
  const can = (method: Kind["methods"][number]) => kind.methods.includes(method);
  return [
    {
      path: `${kind.path}/`,
      notSimulated: kind.notSimulated?.list ?? [],
      permissions: permissionsFor(kind),
      methods: {
        ...(can("list")
          ? { GET: async ({ context }) => ok(await showPage(kind, await listPage(kind, context), context)) }
          : {}),
        ...(can("create")
          ? {
              POST: async ({ context, body }) => {
                const document = await create(kind, body, context);
                await grantInitially(kind, String(document[kind.primaryKey]), context.user, context.lab);
                return { status: 201, body: await show(kind, document, context) };
              },
            }
          : {}),
      },
    },
    {
      path: `${kind.path}/:key/`,
      notSimulated: kind.notSimulated?.detail ?? [],
      permissions: permissionsFor(kind),
      methods: {
        ...(can("retrieve")
          ? {
              GET: async (call) =>
                ok(await show(kind, await find(kind, parameter(call, "key"), call.context), call.context)),
            }
          : {}),
        ...(can("update") ? { PUT: updater(kind, false), PATCH: updater(kind, true) } : {}),
        ...(can("destroy")
          ? {
              DELETE: async (call) => {
                await destroy(kind, await find(kind, parameter(call, "key"), call.context), call.context);
                return NO_CONTENT;
              },
            }
          : {}),
      },
    },
  ];
}

function updater(kind: Kind, partial: boolean): Endpoint["methods"]["PATCH"] {
  return async (call) => {
    const { context, body } = call;
    const previous = await find(kind, parameter(call, "key"), context);
    const document = await update(kind, structuredClone(previous), { body, partial }, context);
    const shown = await show(kind, document, context);
    return ok(partial && kind.echo ? kind.echo(shown, document, previous) : shown);
  };
}

export async function showPage(kind: Kind, page: Page, context: Context): Promise<Document> {
  const results: Json[] = [];
  for (const document of page.documents) results.push(await show(kind, document, context));
  return { pagination: page.pagination, results, autocomplete: kind.autocomplete ?? {} };
}
