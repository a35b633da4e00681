import { invalid } from "../api/errors";
import { boolean, dictionary, relation, relations, text } from "../api/field-types";
import type { Kind } from "../api/kind";
import type { Profile } from "../profile";

export const BRAND_DEFAULTS = {
  branding_title: "authentik",
  branding_logo: "/static/dist/assets/icons/icon_left_brand.svg",
  branding_favicon: "/static/dist/assets/icons/icon.png",
  branding_default_flow_background: "/static/dist/assets/images/flow_background.jpg",
};

const FLOW_FIELDS = [
  "flow_authentication",
  "flow_invalidation",
  "flow_recovery",
  "flow_unenrollment",
  "flow_user_settings",
  "flow_device_code",
];

const FLOW_FIELDS_2026_8 = ["flow_request", "flow_user_switch"];

export function brandKind({ isReleased, has2026_8 }: Profile): Kind {
  return {
    name: "brand",
    path: "core/brands",
    model: "Brand",
    app: "authentik_brands",
    modelName: "brand",
    identity: "uuid",
    primaryKey: "brand_uuid",
    lookup: "brand_uuid",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Brand ${document.domain}`,
    order: ["domain"],
    search: ["domain", "branding_title"],
    filters: {
      brand_uuid: { type: "exact" },
      domain: { type: "exact" },
      default: { type: "boolean" },
      branding_title: { type: "exact" },
      web_certificate: { type: "exact" },
    },
    validate: async ({ values, previous, context }) => {
      if (values.default !== true) return;
      const brands = await context.lab.store.list("brand");
      const other = brands.some(
        (brand) => brand.default === true && brand.brand_uuid !== previous?.brand_uuid,
      );
      if (other) throw invalid({ default: ["Only a single brand can be set as default."] });
    },
    fields: [
      { name: "brand_uuid", readOnly: true },
      { name: "domain", required: true, parse: text(), unique: "This field must be unique." },
      { name: "default", parse: boolean(), default: false },
      ...Object.entries(BRAND_DEFAULTS)
        .filter(([name]) => name !== "branding_default_flow_background")
        .map(([name, value]) => ({ name, parse: text(), default: value })),
      { name: "branding_custom_css", parse: text({ blank: true }), default: "" },
      {
        name: "branding_default_flow_background",
        parse: text(),
        default: BRAND_DEFAULTS.branding_default_flow_background,
      },
      ...(has2026_8 ? [{ name: "branding_map_tiles", parse: text({ blank: true }), default: "" }] : []),
      ...[
        ...FLOW_FIELDS,
        ...(isReleased ? ["flow_lockdown"] : []),
        ...(has2026_8 ? FLOW_FIELDS_2026_8 : []),
      ].map((name) => ({
        name,
        nullable: true,
        default: null,
        ...relation("flow", "set_null"),
      })),
      { name: "default_application", nullable: true, default: null, ...relation("application", "set_null") },
      { name: "web_certificate", nullable: true, default: null, ...relation("certificate", "set_null") },
      { name: "client_certificates", default: [], ...relations("certificate") },
      { name: "attributes", parse: dictionary(), default: {} },
    ],
  };
}
