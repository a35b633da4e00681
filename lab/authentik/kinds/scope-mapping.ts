import { text } from "../api/field-types";
import type { Kind } from "../api/kind";
import { checkScopeExpression } from "../oidc/expression";
import { fixed } from "./provider";

export function scopeMappingKind(): Kind {
  return {
    name: "scope_mapping",
    path: "propertymappings/provider/scope",
    model: "ScopeMapping",
    app: "authentik_core",
    modelName: "propertymapping",
    guardedAs: "authentik_providers_oauth2.scopemapping",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Property Mapping ${document.name}`,
    order: ["scope_name"],
    search: ["name", "scope_name"],
    filters: {
      managed: { type: "existing" },
      managed__isnull: { type: "null" },
      name: { type: "exact" },
      scope_name: { type: "exact" },
    },
    fields: [
      { name: "pk", readOnly: true },
      { name: "managed", readOnly: true, default: null },
      {
        name: "name",
        required: true,
        parse: text(),
        unique: "Property Mapping with this name already exists.",
      },
      { name: "expression", required: true, parse: text({ check: checkScopeExpression }) },
      fixed("component", "ak-property-mapping-provider-scope-form"),
      fixed("verbose_name", "Scope Mapping"),
      fixed("verbose_name_plural", "Scope Mappings"),
      fixed("meta_model_name", "authentik_providers_oauth2.scopemapping"),
      { name: "scope_name", required: true, parse: text() },
      { name: "description", parse: text({ blank: true }), default: "" },
    ],
  };
}
