import type * as pulumi from "@pulumi/pulumi";
import { Readiness } from "../providers/authentik/readiness";
import { resolveExisting } from "./model/authentik";
import { resolvedOrRefused } from "./model/mistakes";
import { saidVersionIn } from "./versions";

/** An authentik that can be configured: one of ours on Docker, or one that exists. */
export interface AuthentikServer {
  /** Its address as people and Proxmox open it, without a slash at the end. */
  readonly origin: string;
  /** How this program reaches its API. */
  readonly connection: { url: string; caCertificate?: string; fingerprint?: string; tokenConfigKey: string };
  /** Its version, as far as the configuration tells it. */
  readonly expectedVersion?: string | undefined;
  /** PEM of the CA that signed its TLS certificate, where it is not a public one. */
  readonly caCertificate: string | undefined;
  /** SHA-256 fingerprint of its TLS certificate, where that is pinned. */
  readonly fingerprint?: string | undefined;
  /** What must be done before its API is used. */
  readonly readiness: pulumi.Resource;
  /** Changes when the server does, so that the login is proved again. */
  readonly revisions: pulumi.Output<string>[];
  /** For objects in it that several components share. */
  readonly options: pulumi.CustomResourceOptions;
  /** What takes authentik's objects along when it is deleted. */
  readonly deletedWith?: pulumi.Resource | undefined;
}

export interface ExistingAuthentikArgs {
  /** authentik's address as people and Proxmox open it, e.g. `https://auth.example.com`. */
  url: string;
  /** Where this program reaches its API, if that differs. @default `url` */
  apiUrl?: string;
  /** PEM of the CA that signed its TLS certificate, where it is not a public one. */
  caCertificate?: string;
  /** SHA-256 fingerprint of its TLS certificate, which is then the only one that this program takes for it. */
  fingerprint?: string | undefined;
  /** The stack config key (a secret) with the API token. @default authentikToken */
  tokenConfigKey?: string;
  /** Its version, e.g. `2026.5`: options that it lacks are then refused at preview already. */
  version?: string;
}

/** An authentik that runs already, by its address and an API token. */
export function existingAuthentik(
  args: ExistingAuthentikArgs,
  options: pulumi.CustomResourceOptions = {},
): AuthentikServer {
  const { origin, connection, caCertificate } = resolvedOrRefused(resolveExisting(args));
  const readiness = new Readiness(
    "readiness",
    { authentik: connection, expectedVersion: saidVersionIn(args.version) },
    options,
  );
  return {
    origin,
    connection,
    expectedVersion: args.version,
    caCertificate,
    fingerprint: args.fingerprint,
    readiness,
    revisions: [readiness.revision],
    options,
  };
}
