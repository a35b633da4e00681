import { FieldError } from "../api/errors";
import { boolean, choice, integer, relation } from "../api/field-types";
import type { Context, Kind, StageName } from "../api/kind";
import { show } from "../api/objects";
import type { Lab } from "../lab";
import type { Document, Json } from "../store/store";
import { fixed } from "./provider";

const NAMES: readonly StageName[] = [
  "stage_identification",
  "stage_password",
  "stage_authenticator_validate",
  "stage_user_login",
  "stage_user_logout",
  "stage_user_write",
  "stage_invitation",
  "stage_captcha",
  "stage_consent",
  "stage_prompt",
  "stage_redirect",
  "stage_deny",
];

/** The binding of a stage to a flow. */
export function flowBindingKind(): Kind {
  return {
    name: "flow_binding",
    path: "flows/bindings",
    model: "FlowStageBinding",
    app: "authentik_flows",
    modelName: "flowstagebinding",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Flow-stage binding #${document.order}`,
    order: ["target", "order"],
    search: [],
    filters: { target: { type: "exact" }, stage: { type: "exact" }, order: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "target", required: true, ...relation("flow", "cascade") },
      {
        name: "stage",
        required: true,
        relation: { kind: NAMES, many: false, whenDeleted: "cascade" },
        parse: async (value, { context }) => {
          if (typeof value === "string" && (await findStage(context.lab, value))) return value;
          throw new FieldError(`Invalid pk "${String(value)}" - object does not exist.`);
        },
      },
      { name: "stage_obj", readOnly: true, show: showStage },
      { name: "evaluate_on_plan", parse: boolean(), default: false },
      { name: "re_evaluate_policies", parse: boolean(), default: true },
      { name: "order", required: true, parse: integer() },
      fixed("policy_engine_mode", "any"),
      {
        name: "invalid_response_action",
        parse: choice(["retry", "restart", "restart_with_context"]),
        default: "retry",
      },
    ],
  };
}

interface BoundStage {
  kind: StageName;
  stage: Document;
}

/** The stage of any kind with this key. */
export async function findStage(lab: Lab, key: string): Promise<BoundStage | undefined> {
  for (const kind of NAMES) {
    const stage = await lab.store.get(kind, key);
    if (stage) return { kind, stage };
  }
  return undefined;
}

/** The keys of a flow's stages, in order. */
export async function stagesOf(lab: Lab, flow: Document): Promise<string[]> {
  const bindings = await lab.store.list("flow_binding");
  return bindings
    .filter((binding) => binding.target === flow.pk)
    .sort((a, b) => Number(a.order) - Number(b.order))
    .map((binding) => String(binding.stage));
}

async function showStage(document: Document, context: Context): Promise<Json> {
  const found = await findStage(context.lab, String(document.stage));
  return found ? show(context.kinds[found.kind], found.stage, context) : null;
}
