import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { DefinedResource } from "../core/resource";
import { waitUntilDone } from "../core/waiting";
import { hostOf } from "../http/host";
import type { WebCertificateArgs } from "./args/webCertificate";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { notYetServed, serversInSwarm } from "./servedCertificate";
import { requireKey } from "./signingKeys";
import { askAuthentikVersion, problemWithServedName } from "./versions";
import type { Brand } from "./wire";

const inputs = z.object({
  authentik: authentikConnection,
  /** Id of the certificate to serve. */
  certificate: z.uuid(),
  /** SHA-256 fingerprint of the certificate. A renewed certificate keeps its id, and must be served too. */
  fingerprint: z.string(),
  /** The URL that must serve the certificate, e.g. `https://auth.example.com`. */
  servedAt: z.url({ protocol: /^https$/ }),
  /** Replace a web certificate that does not belong to the stack. */
  adopt: z.boolean().default(false),
  /** authentik's servers in a swarm. All of them must serve the certificate. */
  servers: serversInSwarm.optional(),
});

type Inputs = z.output<typeof inputs>;

/** authentik checks for a new web certificate every 3 minutes (internal/web/brand_tls), 2026.8 every minute. */
const waitSeconds = 240;

export const webCertificateDefinition: ResourceDefinition<
  typeof inputs,
  Brand,
  { brand: string },
  AuthentikClient
> = {
  type: "authentik:WebCertificate",
  title: "authentik web certificate",
  inputs,
  ownership: {
    keys: ({ brand }) => [brand],
    matches: (remote, { brand }) => remote.brand_uuid === brand,
  },
  replaceOn: [],
  notCompared: ["servers"],
  secrets: [],
  id: ({ servedAt }) => servedAt,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),

  async find(client, wanted) {
    const brand = await defaultBrand(client);
    if (brand.web_certificate === null) return undefined;
    return {
      remote: brand,
      ours: brand.web_certificate === wanted.certificate,
      description: `A web certificate of the brand "${brand.domain}"`,
    };
  },

  async create(client, wanted) {
    const brand = await defaultBrand(client);
    return serve(client, brand.brand_uuid, wanted);
  },

  read: (client) => defaultBrand(client),
  update: (client, current, wanted) => serve(client, current.brand, wanted),

  async delete(client, state, { remote: brand }) {
    if (brand.web_certificate === state.certificate) {
      await client.brands.patch(brand.brand_uuid, { web_certificate: null });
    }
  },

  observe: (brand) => ({ certificate: brand.web_certificate ?? "" }),
  outputs: (brand) => ({ brand: brand.brand_uuid }),
};

async function defaultBrand(client: AuthentikClient): Promise<Brand> {
  const [brand] = await client.brands.list({ default: "true" });
  if (brand) return brand;
  throw new UserError("authentik has no default brand. Mark one as default under System > Brands.");
}

async function serve(client: AuthentikClient, brandId: string, wanted: Inputs): Promise<Brand> {
  await requireKey(client, "certificate", wanted.certificate);
  const host = hostOf(wanted.servedAt);
  const why = isIP(host) ? problemWithServedName(host, await askAuthentikVersion(client)) : undefined;
  if (why) throw new UserError(`${wanted.servedAt} cannot serve its TLS certificate: ${why}`);
  const brand = await client.brands.patch(brandId, { web_certificate: wanted.certificate });
  const subject = `${wanted.servedAt} does not serve its new TLS certificate`;
  await waitUntilDone(subject, waitSeconds, () =>
    notYetServed(wanted.servedAt, wanted.fingerprint, wanted.servers),
  );
  return brand;
}

export type { WebCertificateArgs };

/** Makes authentik serve a certificate on its own https port, and waits until it does. */
export class WebCertificate extends DefinedResource<typeof inputs, WebCertificateArgs> {
  declare readonly servedAt: pulumi.Output<string>;

  constructor(name: string, args: WebCertificateArgs, options?: pulumi.CustomResourceOptions) {
    super(webCertificateDefinition, ["brand"], name, args, options);
  }
}
