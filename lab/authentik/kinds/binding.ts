import { Crash, invalid, invalidObject } from "../api/errors";
import { boolean, integer, relation } from "../api/field-types";
import type { Change, CustomFilter, Field, Kind, KindName } from "../api/kind";
import { show } from "../api/objects";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { partialGroup } from "./group-views";
import { partialUser } from "./user";

const LARGEST_INTEGER = 2147483647;

/** A binding of a group, user or policy to an application. */
export function bindingKind(profile: Profile): Kind {
  const newer = profile.name === "2026.5";
  return {
    name: "binding",
    path: "policies/bindings",
    model: "PolicyBinding",
    app: "authentik_policies",
    modelName: "policybinding",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Policy Binding #${document.order}`,
    order: ["order", "pk"],
    search: [],
    filters: {
      policy: { type: "exact" },
      policy__isnull: { type: "null" },
      target: targetFilter,
      target_in: targetFilter,
      enabled: { type: "boolean" },
      order: { type: "exact" },
    },
    validate: (change) => validateBinding(change, profile),
    saved: (_document, context) => context.lab.applicationCache.clear(),
    fields: [
      { name: "pk", readOnly: true },
      { name: "policy", nullable: true, default: null, ...relation("policy", "cascade") },
      { name: "group", nullable: true, default: null, ...relation("group", "cascade") },
      { name: "user", nullable: true, default: null, ...relation("user", "cascade") },
      subject("policy_obj", "policy", undefined),
      subject("group_obj", "group", newer ? partialGroup : undefined),
      subject("user_obj", "user", newer ? partialUser : undefined),
      { name: "target", required: true, ...relation("application", "cascade") },
      { name: "negate", parse: boolean(), default: false },
      { name: "enabled", parse: boolean(), default: true },
      { name: "order", required: true, parse: integer({ min: -LARGEST_INTEGER - 1, max: LARGEST_INTEGER }) },
      { name: "timeout", parse: integer({ min: 0, max: LARGEST_INTEGER }), default: 30 },
      { name: "failure_result", parse: boolean(), default: false },
      // Bindings from a request for temporary access expire. The API cannot write these fields.
      ...(profile.has2026_8
        ? [
            { name: "expires", readOnly: true, show: ({ expires = null }: Document) => expires },
            {
              name: "expiring",
              readOnly: true,
              show: ({ expires }: Document) => typeof expires === "string",
            },
          ]
        : []),
    ],
  };
}

function subject(
  name: string,
  key: KindName,
  shorten: ((document: Document) => Document) | undefined,
): Field {
  return {
    name,
    readOnly: true,
    show: async (document, context): Promise<Json> => {
      const other =
        document[key] === null ? undefined : await context.lab.store.get(key, String(document[key]));
      if (!other) return null;
      return shorten ? shorten(other) : show(context.kinds[key], other, context);
    },
  };
}

const targetFilter: CustomFilter = {
  type: "custom",
  check: async (wanted, context) => {
    if (await context.lab.store.get("application", wanted)) return;
    throw invalid({ target: ["Select a valid choice. That choice is not one of the available choices."] });
  },
  accepts: (wanted, document) => document.target === wanted,
};

async function validateBinding(change: Change, profile: Profile): Promise<void> {
  const { values, previous, partial } = change;
  // The real server reads the target before it checks that the request contains one.
  if (partial && values.target === undefined) throw new Crash("PATCH of a binding without its target");
  const subjects = ["group", "policy", "user"].filter(
    (name) => values[name] !== undefined && values[name] !== null,
  );
  if (subjects.length === 0) throw invalidObject("One of 'group', 'policy', 'user' must be set.");
  if (subjects.length > 1) throw invalidObject("Only one of 'group', 'policy', 'user' can be set.");
  if (await orderIsTaken(change, previous, profile)) {
    throw invalidObject("The fields policy, target, order must make a unique set.");
  }
}

/** A create compares only policy bindings. An update treats "no policy" as equal to "no policy". */
async function orderIsTaken(
  change: Change,
  previous: Document | undefined,
  profile: Profile,
): Promise<boolean> {
  const wanted = { ...previous, ...change.values };
  const policy = wanted.policy ?? null;
  if (policy === null && (!previous || !profile.checksOrderOnUpdate)) return false;
  const bindings = await change.context.lab.store.list("binding");
  return bindings.some(
    (binding) =>
      binding.pk !== previous?.pk &&
      binding.policy === policy &&
      binding.target === wanted.target &&
      binding.order === wanted.order,
  );
}
