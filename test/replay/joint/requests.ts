import type { NodeCertificate } from "../../../lab/proxmox/certificate";
import { parseUrl } from "../../../providers/http/host";
import type { Correspondence } from "../correspondence";
import { type Exchange, isRecord } from "../exchange";
import type { Sent } from "../http";
import { numberedKind } from "../kinds";
import { testKey, withKeyOfItsOwn } from "../test-keys";
import { apiToken, proxmoxToken, type Stage } from "./stage";

/** Recorded keys of objects that authentik's worker creates, and where to find the same objects here. */
const defaults: [string, string][] = [
  [
    "fa1c855c-e09c-4b33-8bb4-76acd781baea",
    "flows/instances/?slug=default-provider-authorization-implicit-consent",
  ],
  [
    "ba9ca54c-ec5a-4fd7-9d5e-690a94b72be1",
    "flows/instances/?slug=default-provider-authorization-explicit-consent",
  ],
  ["34616826-88c1-46cd-b45f-188c106e8b86", "flows/instances/?slug=default-provider-invalidation-flow"],
  ["b2b36ed0-0e47-40b7-aa64-d21a3d8d7bab", "propertymappings/provider/scope/?scope_name=openid"],
  ["e778f14d-49fc-4972-a8e2-073cbfbf980d", "propertymappings/provider/scope/?scope_name=email"],
  ["71cc18ff-aa7a-48e9-bd59-20d6bdfce44f", "propertymappings/provider/scope/?scope_name=profile"],
  ["7e7c2f48-175f-4784-8e3f-52d112cf87dc", "core/brands/"],
  ["c5a1d95d-d7f1-4413-ade5-2da9ce0054b4", "core/groups/?name=proxmox-admins"],
];

/** Converts recorded requests into requests to the simulators. */
export class JointRequests {
  readonly asRoot = { authorization: `PVEAPIToken=root@pam!iac=${proxmoxToken}` };
  /** Of the last login. */
  ticket = "";

  constructor(
    private readonly correspondence: Correspondence,
    /** Used for the one whose key was not recorded. */
    private readonly ownPair: NodeCertificate,
  ) {}

  async learnDefaults(stage: Stage): Promise<void> {
    for (const [recorded, path] of defaults) {
      this.correspondence.compare(recorded, await stage.keyOf(path));
    }
  }

  ofAuthentik({ method, path, body }: Exchange): Sent {
    const number = (_match: string, before: string, key: string) =>
      `${before}${this.correspondence.number("provider", Number(key))}/`;
    return {
      method,
      path: this.translate(path.replace(/^(\/api\/v3\/providers\/oauth2\/)(\d+)\//, number)),
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      body: isRecord(body)
        ? this.translate(JSON.stringify(withKeyOfItsOwn(this.withOwnPair(this.withOwnProvider(body)))))
        : undefined,
    };
  }

  /** A login contains the code and the state with which the browser returns to Proxmox. */
  formFor({ path, body }: Exchange, location: string): string | undefined {
    if (!isRecord(body)) return undefined;
    const form = this.form(body);
    if (!path.endsWith("/openid/login") || body.code !== "<code>") return form.toString();
    const callback = parseUrl(location)?.searchParams ?? new URLSearchParams();
    form.set("code", callback.get("code") ?? "none");
    form.set("state", callback.get("state") ?? "none");
    return form.toString();
  }

  form(body: Record<string, unknown>): URLSearchParams {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries(body)) form.set(name, this.translate(String(value)));
    return form;
  }

  cookieFor({ headers }: Exchange): Record<string, string> | undefined {
    if (headers.cookie !== undefined) return { cookie: `PVEAuthCookie=${encodeURIComponent(this.ticket)}` };
    return headers.authorization === undefined ? {} : undefined;
  }

  private withOwnPair(body: Record<string, unknown>): Record<string, unknown> {
    const { certPem, keyPem } = this.ownPair;
    return body.name === "auth.rig.test" ? { ...body, certificate_data: certPem, key_data: keyPem } : body;
  }

  private withOwnProvider(body: Record<string, unknown>): Record<string, unknown> {
    const kind = numberedKind("provider", body) ?? "";
    if (typeof body.provider !== "number") return body;
    return { ...body, provider: this.correspondence.number(kind, body.provider) };
  }

  /** The recordings contain no client secrets. Their placeholders differ only by length. */
  private translate(text: string): string {
    return this.correspondence.translate(text, (name) => {
      const length = /^<client_secret, (\d+) chars>$/.exec(name)?.[1];
      return testKey(name) ?? (length === undefined ? name : secretOf(Number(length)));
    });
  }
}

/** The one with 37 characters is the one with 36 and a blank after it (case 15d), which both servers trim. */
function secretOf(length: number): string {
  return length === 37 ? `${secretOf(36)} ` : "s".repeat(length);
}
