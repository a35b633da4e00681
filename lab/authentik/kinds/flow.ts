import { Crash } from "../api/errors";
import type { Context, Kind } from "../api/kind";
import { isWithoutRedis } from "../lab";
import type { Profile } from "../profile";
import type { Document } from "../store/store";
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

const BACKGROUND = "/static/dist/assets/images/flow_background.jpg";

/** Flows are made by the worker only; the API reads them. */
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
    methods: ["list", "retrieve"],
    notSimulated: { list: ["POST"], detail: ["PUT", "PATCH", "DELETE"] },
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
      { name: "policybindingmodel_ptr_id", readOnly: true },
      { name: "name", readOnly: true },
      { name: "slug", readOnly: true },
      { name: "title", readOnly: true },
      { name: "designation", readOnly: true },
      ...(profile.name === "2026.5"
        ? [
            fixed("background", ""),
            fixed("background_url", BACKGROUND),
            fixed("background_themed_urls", null),
          ]
        : [fixed("background", BACKGROUND)]),
      { name: "stages", readOnly: true },
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
      fixed("denied_action", "message_continue"),
      { name: "authentication", readOnly: true },
    ],
  };
}

function cacheCount(_document: Document, { lab }: Context): number {
  if (isWithoutRedis(lab)) throw new Crash("no redis to count the flow's plans in");
  return 0;
}
