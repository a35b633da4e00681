import { text } from "../api/field-types";
import type { Kind } from "../api/kind";

/** A name and the permissions on all objects. Not recorded. */
export function roleKind(): Kind {
  return {
    name: "role",
    path: "rbac/roles",
    model: "Role",
    app: "authentik_rbac",
    modelName: "role",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "destroy"],
    describe: (document) => `Role ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: { name: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      {
        name: "name",
        required: true,
        parse: text({ max: 150 }),
        unique: "Role with this name already exists.",
      },
      { name: "permissions", writeOnly: true, readOnly: true, default: [] },
      { name: "object_permissions", writeOnly: true, readOnly: true, default: [] },
    ],
  };
}
