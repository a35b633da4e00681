import { type Answer, type Call, type Endpoint, ok } from "../api/endpoint";
import { describeApi } from "../api/schema";
import { BRAND_DEFAULTS } from "../kinds/brand";
import type { Profile } from "../profile";
import type { Document, Json } from "../store/store";
import { runningWorkers } from "../worker/worker";

export function systemEndpoints({ has2026_8 }: Profile): Endpoint[] {
  return [
    ...(has2026_8 ? [{ path: "admin/settings/", methods: { GET: settings } }] : []),
    {
      path: "tasks/workers/",
      permissions: { GET: "authentik_rbac.view_system_info" },
      methods: { GET: workers },
    },
    { path: "admin/version/", access: "user", methods: { GET: version } },
    { path: "schema/", access: "anonymous", methods: { GET: schema } },
    { path: "root/config/", access: "anonymous", methods: { GET: config } },
    { path: "core/brands/current/", access: "anonymous", methods: { GET: currentBrand } },
  ];
}

async function version({ context }: Call): Promise<Answer> {
  const current = context.lab.profile.version;
  return ok({
    version_current: current,
    version_latest: current,
    version_latest_valid: true,
    build_hash: "",
    outdated: false,
    outpost_outdated: false,
  });
}

/** authentik answers with JSON on request. The simulator always does. */
async function schema({ context: { kinds, lab } }: Call): Promise<Answer> {
  return ok(describeApi(kinds, lab.profile));
}

/** From its source and its OpenAPI file (authentik/tasks/api/workers.py): a list without pages. */
async function workers({ context: { lab } }: Call): Promise<Answer> {
  const running = await runningWorkers(lab.store);
  return ok(
    running.map(({ worker_id = "", version = "" }) => ({
      worker_id,
      version,
      version_matching: version === lab.profile.version,
    })),
  );
}

/** Only the settings that 2026.8 added. */
async function settings({ context }: Call): Promise<Answer> {
  const { baseUrl, defaultAppAccess } = context.lab.settings;
  return ok({ base_url: baseUrl, flags: { core_default_app_access: defaultAppAccess } });
}

async function config({ context }: Call): Promise<Answer> {
  const newer = context.lab.profile.name === "2026.5";
  return ok({
    error_reporting: {
      enabled: false,
      sentry_dsn: "https://simulated@authentik.error-reporting.invalid/1",
      environment: "customer",
      send_pii: false,
      traces_sample_rate: 0.1,
    },
    capabilities: [
      "can_save_media",
      ...(newer ? ["can_save_reports"] : []),
      "can_impersonate",
      "is_enterprise",
    ],
    cache_timeout: 300,
    cache_timeout_flows: 300,
    cache_timeout_policies: 300,
    ...(newer ? {} : { cache_timeout_reputation: 0 }),
  });
}

/** The brand whose domain is a suffix of the host, else the default brand. */
async function currentBrand({ context }: Call): Promise<Answer> {
  const host = new URL(context.origin).hostname;
  const brands = await context.lab.store.list("brand");
  const brand =
    brands.find((candidate) => host.endsWith(String(candidate.domain))) ??
    brands.find((candidate) => candidate.default === true) ??
    FALLBACK_BRAND;
  const newer = context.lab.profile.name === "2026.5";
  const answer: Document = {
    matched_domain: brand.domain ?? null,
    branding_title: brand.branding_title ?? null,
    branding_logo: brand.branding_logo ?? null,
    ...(newer ? { branding_logo_themed_urls: null } : {}),
    branding_favicon: brand.branding_favicon ?? null,
    ...(newer ? { branding_favicon_themed_urls: null } : {}),
    branding_custom_css: brand.branding_custom_css ?? "",
    ui_footer_links: [],
    ui_theme: "automatic",
    ...(await flowSlugs(brand, context.lab.store)),
    default_locale: "",
    flags: newer
      ? { flows_continuous_login: false, flows_refresh_others: false }
      : { policies_buffered_access_view: false },
  };
  return ok(answer);
}

const FALLBACK_BRAND: Document = { domain: "fallback", ...BRAND_DEFAULTS };

async function flowSlugs(brand: Document, store: Call["context"]["lab"]["store"]): Promise<Document> {
  const slugs: { [key: string]: Json } = {};
  for (const name of ["flow_authentication", "flow_invalidation", "flow_user_settings"]) {
    const flow = typeof brand[name] === "string" ? await store.get("flow", brand[name]) : undefined;
    if (flow?.slug !== undefined) slugs[name] = flow.slug;
  }
  return slugs;
}
