import { type Answer, type Call, type Endpoint, ok, parameter } from "../api/endpoint";
import { invalid } from "../api/errors";
import type { Kinds } from "../api/kind";
import { find } from "../api/objects";
import { userPermissions } from "../api/permissions";
import { isDocument, listOf, newUuid } from "../lab";

/** Permissions on all objects. Not recorded, but from the OpenAPI file. */
export function roleEndpoints(kinds: Kinds): Endpoint[] {
  return [
    {
      path: "rbac/permissions/",
      methods: {
        GET: async () =>
          ok({
            pagination: { next: 0, count: userPermissions.length },
            results: userPermissions,
          }),
      },
    },
    {
      path: "rbac/permissions/assigned_by_roles/:key/assign/",
      methods: { POST: (call) => assign(kinds, call) },
    },
  ];
}

async function assign(kinds: Kinds, call: Call): Promise<Answer> {
  const { body, context } = call;
  const role = await find(kinds.role, parameter(call, "key"), context);
  const wanted = isDocument(body) && Array.isArray(body.permissions) ? body.permissions.map(String) : [];
  if (wanted.length === 0) throw invalid({ permissions: ["This field is required."] });
  const unknown = wanted.filter((name) => !/^authentik_[a-z0-9_]+\.[a-z0-9_]+$/.test(name));
  if (unknown.length > 0) throw invalid({ permissions: [`"${unknown[0]}" is not a valid choice.`] });
  const permissions = [...new Set([...listOf(role, "permissions"), ...wanted])];
  await context.lab.store.put(kinds.role.name, String(role.pk), { ...role, permissions });
  return ok(wanted.map(() => ({ id: newUuid() })));
}
