import { boolean, choice, duration, integer, relation, relations, text } from "../api/field-types";
import type { Context, Field, Kind, StageName } from "../api/kind";
import type { Document, Json } from "../store/store";
import { fixed } from "./provider";

const seconds = (name: string, value: string): Field => ({ name, parse: duration(), default: value });
const flag = (name: string, value = false): Field => ({ name, parse: boolean(), default: value });
const words = (name: string, value = ""): Field => ({ name, parse: text({ blank: true }), default: value });
const list = (name: string, value: Json[] = []): Field => ({ name, default: value });
const flow = (name: string): Field => ({
  name,
  nullable: true,
  default: null,
  ...relation("flow", "set_null"),
});
const stage = (name: string, kind: StageName): Field => ({
  name,
  nullable: true,
  default: null,
  ...relation(kind, "set_null"),
});

/** The stages of common login flows: path below `stages/`, and their own fields. */
export function stageKinds(): Record<StageName, Kind> {
  return {
    stage_identification: stageKind("stage_identification", "identification", "Identification", [
      list("user_fields"),
      stage("password_stage", "stage_password"),
      stage("captcha_stage", "stage_captcha"),
      flag("case_insensitive_matching", true),
      flag("show_matched_user", true),
      flow("enrollment_flow"),
      flow("recovery_flow"),
      flow("passwordless_flow"),
      list("sources"),
      flag("show_source_labels"),
      flag("pretend_user_exists", true),
      flag("enable_remember_me"),
      fixed("webauthn_stage", null),
    ]),
    stage_password: stageKind("stage_password", "password", "Password", [
      list("backends", ["authentik.core.auth.InbuiltBackend"]),
      flow("configure_flow"),
      { name: "failed_attempts_before_cancel", parse: integer(), default: 5 },
      flag("allow_show_password"),
    ]),
    stage_authenticator_validate: stageKind(
      "stage_authenticator_validate",
      "authenticator/validate",
      "Authenticator Validation",
      [
        { name: "not_configured_action", parse: choice(["skip", "deny", "configure"]), default: "skip" },
        list("device_classes", ["static", "totp", "webauthn", "duo", "sms", "email"]),
        list("configuration_stages"),
        seconds("last_auth_threshold", "seconds=0"),
        fixed("webauthn_user_verification", "preferred"),
        list("webauthn_allowed_device_types"),
      ],
    ),
    stage_user_login: stageKind("stage_user_login", "user_login", "User Login", [
      seconds("session_duration", "seconds=0"),
      flag("terminate_other_sessions"),
      seconds("remember_me_offset", "seconds=0"),
      fixed("network_binding", "no_binding"),
      fixed("geoip_binding", "no_binding"),
      seconds("remember_device", "days=30"),
    ]),
    stage_user_logout: stageKind("stage_user_logout", "user_logout", "User Logout", []),
    stage_user_write: stageKind("stage_user_write", "user_write", "User Write", [
      {
        name: "user_creation_mode",
        parse: choice(["never_create", "create_when_required", "always_create"]),
        default: "create_when_required",
      },
      flag("create_users_as_inactive", true),
      { name: "create_users_group", nullable: true, default: null, ...relation("group", "set_null") },
      { name: "user_type", parse: choice(["internal", "external"]), default: "external" },
      words("user_path_template", "users"),
    ]),
    stage_invitation: stageKind("stage_invitation", "invitation/stages", "Invitation", [
      flag("continue_flow_without_invitation"),
    ]),
    stage_captcha: stageKind("stage_captcha", "captcha", "Captcha", [
      { name: "public_key", required: true, parse: text() },
      { name: "private_key", required: true, writeOnly: true, parse: text() },
      words("js_url", "https://www.recaptcha.net/recaptcha/api.js"),
      words("api_url", "https://www.recaptcha.net/recaptcha/api/siteverify"),
      flag("interactive"),
      fixed("score_min_threshold", 0.5),
      fixed("score_max_threshold", 1),
      flag("error_on_invalid_score", true),
    ]),
    stage_consent: stageKind("stage_consent", "consent", "Consent", [
      { name: "mode", parse: choice(["always_require", "permanent", "expiring"]), default: "permanent" },
      seconds("consent_expire_in", "weeks=4"),
    ]),
    stage_prompt: stageKind("stage_prompt", "prompt/stages", "Prompt", [
      { name: "fields", default: [], ...relations("prompt") },
      list("validation_policies"),
    ]),
    stage_redirect: stageKind("stage_redirect", "redirect", "Redirect", [
      flag("keep_context", true),
      { name: "mode", required: true, parse: choice(["static", "flow"]) },
      words("target_static"),
      flow("target_flow"),
    ]),
    stage_deny: stageKind("stage_deny", "deny", "Deny", [words("deny_message")]),
  };
}

function stageKind(name: StageName, path: string, title: string, fields: Field[]): Kind {
  const model = name.replace("stage", "").replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const app = name.replace("stage_", "authentik_stages_");
  return {
    name,
    path: `stages/${path}`,
    model: `${model}Stage`,
    app,
    modelName: `${model.toLowerCase()}stage`,
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `${title} Stage ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: { name: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text(), unique: "stage with this name already exists." },
      fixed("component", `ak-${name.replaceAll("_", "-")}-form`),
      fixed("verbose_name", `${title} Stage`),
      fixed("verbose_name_plural", `${title} Stages`),
      fixed("meta_model_name", `${app}.${model.toLowerCase()}stage`),
      { name: "flow_set", readOnly: true, show: flowsWith },
      ...fields,
    ],
  };
}

/** The flows with this stage. The real answer has more fields of each. */
async function flowsWith({ pk }: Document, { lab }: Context): Promise<Json> {
  const bound = (await lab.store.list("flow_binding")).filter((binding) => binding.stage === pk);
  const flows = await Promise.all(bound.map(({ target }) => lab.store.get("flow", String(target))));
  return flows.flatMap((flow) =>
    flow
      ? [
          {
            pk: flow.pk ?? null,
            name: flow.name ?? "",
            slug: flow.slug ?? "",
            designation: flow.designation ?? "",
          },
        ]
      : [],
  );
}

const PROMPT_TYPES = [
  "text",
  "text_area",
  "text_read_only",
  "text_area_read_only",
  "username",
  "email",
  "password",
  "number",
  "checkbox",
  "radio-button-group",
  "dropdown",
  "date",
  "date-time",
  "file",
  "separator",
  "hidden",
  "static",
  "ak-locale",
];

/** A field of a prompt stage. */
export function promptKind(): Kind {
  return {
    name: "prompt",
    path: "stages/prompt/prompts",
    model: "Prompt",
    app: "authentik_stages_prompt",
    modelName: "prompt",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Prompt field '${document.field_key}' type ${document.type}`,
    order: ["field_key"],
    search: ["name"],
    filters: { name: { type: "exact" }, field_key: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "name", required: true, parse: text(), unique: "This field must be unique." },
      { name: "field_key", required: true, parse: text() },
      { name: "label", required: true, parse: text() },
      { name: "type", required: true, parse: choice(PROMPT_TYPES) },
      flag("required", true),
      words("placeholder"),
      words("initial_value"),
      { name: "order", parse: integer(), default: 0 },
      fixed("prompt_stages_obj", []),
      words("sub_text"),
      flag("placeholder_expression"),
      flag("initial_value_expression"),
    ],
  };
}
