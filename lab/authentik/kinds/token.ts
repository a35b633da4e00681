import { boolean, choice, relation, text } from "../api/field-types";
import type { Kind } from "../api/kind";
import { show } from "../api/objects";
import { generateText } from "./provider";

const HALF_HOUR = 30 * 60 * 1000;
const KEY_LENGTH = 60;

export function tokenKind(): Kind {
  return {
    name: "token",
    path: "core/tokens",
    model: "Token",
    app: "authentik_core",
    modelName: "token",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "identifier",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Token ${document.identifier}`,
    order: ["identifier"],
    search: ["identifier", "description"],
    filters: { identifier: { type: "exact" }, intent: { type: "exact" }, managed: { type: "exact" } },
    fields: [
      { name: "pk", readOnly: true },
      { name: "managed", readOnly: true, default: null },
      {
        name: "identifier",
        required: true,
        parse: text({ max: 255, check: checkIdentifier }),
        unique: "Token with this identifier already exists.",
      },
      {
        name: "intent",
        parse: choice(["verification", "api", "recovery", "app_password"]),
        default: "verification",
      },
      { name: "user", default: null, ...relation("user", "cascade") },
      {
        name: "user_obj",
        readOnly: true,
        show: async (document, context) => {
          const user = await context.lab.store.get("user", String(document.user));
          return user ? show(context.kinds.user, user, context) : null;
        },
      },
      { name: "description", parse: text({ blank: true }), default: "" },
      { name: "expires", default: () => new Date(Date.now() + HALF_HOUR).toISOString() },
      { name: "expiring", parse: boolean(), default: true },
      { name: "key", writeOnly: true, readOnly: true, default: () => generateText(KEY_LENGTH) },
    ],
    validate: ({ values, previous, context }) => {
      if (!previous && values.user === undefined) values.user = context.user.pk ?? null;
    },
  };
}

function checkIdentifier(value: string): string | undefined {
  return /^[-a-zA-Z0-9_]+$/.test(value)
    ? undefined
    : "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.";
}
