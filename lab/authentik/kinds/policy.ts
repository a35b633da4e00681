import { boolean, text } from "../api/field-types";
import type { Kind } from "../api/kind";
import { unclosedBracket } from "../oidc/expression";
import { fixed } from "./provider";

export function policyKind(): Kind {
  return {
    name: "policy",
    path: "policies/expression",
    model: "ExpressionPolicy",
    app: "authentik_policies_expression",
    modelName: "expressionpolicy",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Policy ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: { name: { type: "exact" } },
    saved: (_document, context) => context.lab.applicationCache.clear(),
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text(), unique: "Policy with this name already exists." },
      { name: "execution_logging", parse: boolean(), default: false },
      fixed("component", "ak-policy-expression-form"),
      fixed("verbose_name", "Expression Policy"),
      fixed("verbose_name_plural", "Expression Policies"),
      fixed("meta_model_name", "authentik_policies_expression.expressionpolicy"),
      {
        name: "bound_to",
        readOnly: true,
        show: async (document, context) => {
          const bindings = await context.lab.store.list("binding");
          return bindings.filter((binding) => binding.policy === document.pk).length;
        },
      },
      {
        name: "expression",
        required: true,
        parse: text({ check: (value) => unclosedBracket(value, "temp-policy") }),
      },
    ],
  };
}
