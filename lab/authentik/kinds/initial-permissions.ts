import { relation, text } from "../api/field-types";
import type { Kind } from "../api/kind";

/** Permissions of a role on objects that its members create (authentik/rbac/models.py, since 2025.4). Not recorded. */
export function initialPermissionsKind(): Kind {
  return {
    name: "initial_permissions",
    path: "rbac/initial_permissions",
    model: "InitialPermissions",
    app: "authentik_rbac",
    modelName: "initialpermissions",
    identity: "integer",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "destroy"],
    describe: (document) => `Initial Permissions ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: { name: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text({ max: 150 }), unique: "This field must be unique." },
      { name: "role", required: true, ...relation("role", "cascade") },
      { name: "permissions", default: [] },
    ],
  };
}
