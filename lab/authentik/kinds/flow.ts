import { Crash } from "../api/errors";
import { choice, text } from "../api/field-types";
import type { Context, Kind } from "../api/kind";
import { isWithoutRedis, newUuid } from "../lab";
import type { Profile } from "../profile";
import type { Document } from "../store/store";
import { stagesOf } from "./flow-binding";
import { fixed } from "./provider";

const DESIGNATIONS = [
  "authentication",
  "authorization",
  "invalidation",
  "enrollment",
  "unenrollment",
  "recovery",
  "stage_configuration",
];

const AUTHENTICATIONS = [
  "none",
  "require_authenticated",
  "require_unauthenticated",
  "require_superuser",
  "require_redirect",
  "require_outpost",
  "require_token",
];

const BACKGROUND = "/static/dist/assets/images/flow_background.jpg";

export function flowKind(profile: Profile): Kind {
  return {
    name: "flow",
    path: "flows/instances",
    model: "Flow",
    app: "authentik_flows",
    modelName: "flow",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "slug",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Flow ${document.slug}`,
    order: ["name"],
    search: ["name", "slug", "designation", "title"],
    filters: {
      slug: { type: "exact" },
      name: { type: "exact" },
      designation: { type: "choice", choices: DESIGNATIONS },
    },
    fields: [
      { name: "pk", readOnly: true },
      { name: "policybindingmodel_ptr_id", readOnly: true, default: newUuid },
      { name: "name", required: true, parse: text() },
      {
        name: "slug",
        required: true,
        parse: text({ check: (value) => (/^[-a-zA-Z0-9_]+$/.test(value) ? undefined : profile.slugError) }),
        unique: "This field must be unique.",
      },
      { name: "title", required: true, parse: text({ blank: true }) },
      { name: "designation", required: true, parse: choice(DESIGNATIONS) },
      ...(profile.name === "2026.5"
        ? [
            fixed("background", ""),
            fixed("background_url", BACKGROUND),
            fixed("background_themed_urls", null),
          ]
        : [fixed("background", BACKGROUND)]),
      { name: "stages", readOnly: true, show: (document, { lab }) => stagesOf(lab, document) },
      fixed("policies", []),
      { name: "cache_count", readOnly: true, show: cacheCount },
      fixed("policy_engine_mode", "any"),
      fixed("compatibility_mode", false),
      {
        name: "export_url",
        readOnly: true,
        show: (document) => `/api/v3/flows/instances/${document.slug}/export/`,
      },
      fixed("layout", "stacked"),
      {
        name: "denied_action",
        parse: choice(["message_continue", "message", "continue"]),
        default: "message_continue",
      },
      { name: "authentication", parse: choice(AUTHENTICATIONS), default: "none" },
    ],
  };
}

function cacheCount(_document: Document, { lab }: Context): number {
  if (isWithoutRedis(lab)) throw new Crash("no redis to count the flow's plans in");
  return 0;
}

/** Whether a browser meets the requirement of a flow (authentik/flows/planner.py, not recorded). */
export function isApplicable(
  { authentication }: Document,
  user: { isSuperuser: boolean } | undefined,
): boolean {
  switch (authentication) {
    case "require_authenticated":
      return user !== undefined;
    case "require_unauthenticated":
      return user === undefined;
    case "require_superuser":
      return user?.isSuperuser === true;
    // No browser comes from an outpost, from another flow or with a token.
    case "require_outpost":
    case "require_redirect":
    case "require_token":
      return false;
  }
  return true;
}
