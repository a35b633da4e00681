import type * as pulumi from "@pulumi/pulumi";
import { Readiness } from "../providers/authentik/readiness";
import { resolveExisting } from "./model/authentik";
import { resolvedOrRefused } from "./model/mistakes";
import { readExistingArgs } from "./model/stackOptions";
import { warnOfRelease } from "./releaseWarning";
import { saidVersionIn } from "./versions";

/** An authentik to configure: an `AuthentikStack` on Docker, or an existing one. */
export interface AuthentikServer {
  /** The address at which people and Proxmox open it, without a final slash. */
  readonly origin: string;
  /** The connection of this program to its API. */
  readonly connection: { url: string; caCertificate?: string; fingerprint?: string; tokenConfigKey: string };
  /** Its version according to the configuration. */
  readonly expectedVersion?: string | undefined;
  /** PEM of the CA that signed its TLS certificate, unless it is a public one. */
  readonly caCertificate: string | undefined;
  /** SHA-256 fingerprint of its pinned TLS certificate. */
  readonly fingerprint?: string | undefined;
  /** The resource that must complete before its API is used. */
  readonly readiness: pulumi.Resource;
  /** Values that change with the server. A change repeats the proof of login. */
  readonly revisions: pulumi.Output<string>[];
  /** Resource options for objects that several components share. */
  readonly options: pulumi.CustomResourceOptions;
  /** The resource whose deletion also removes authentik's objects. */
  readonly deletedWith?: pulumi.Resource | undefined;
}

/** Plain JavaScript can give an output or nothing, which would become part of the issuer. */
export function requireServer(server: AuthentikServer, of: string): void {
  if (typeof Object(server).origin === "string" && typeof Object(server).connection === "object") return;
  const message =
    "must be an `AuthentikStack` or the result of `existingAuthentik`, and not an output or a promise of it";
  resolvedOrRefused({ resolved: undefined, mistakes: [{ path: "authentik", message }] }, of);
}

export interface ExistingAuthentikArgs {
  /** The address at which people and Proxmox open authentik, e.g. `https://auth.example.com`. */
  url: string;
  /** The address at which this program reaches its API, if it differs. @default `url` */
  apiUrl?: string;
  /** PEM of the CA that signed its TLS certificate, unless it is a public one. */
  caCertificate?: string;
  /** SHA-256 fingerprint of its TLS certificate. The program then accepts no other one. */
  fingerprint?: string | undefined;
  /** The stack config key (a secret) with the API token. @default authentikToken */
  tokenConfigKey?: string;
  /** Its version, e.g. `2026.8`. The preview then refuses options that it lacks. */
  version?: string;
}

/** An existing authentik, with its address and an API token. */
export function existingAuthentik(
  given: ExistingAuthentikArgs,
  options: pulumi.CustomResourceOptions = {},
): AuthentikServer {
  const name = "existingAuthentik";
  const args = resolvedOrRefused(readExistingArgs(given), name);
  const { origin, connection, caCertificate } = resolvedOrRefused(resolveExisting(args), name);
  const readiness = new Readiness(
    "readiness",
    { authentik: connection, expectedVersion: saidVersionIn(args.version) },
    options,
  );
  readiness.version.apply((version) => warnOfRelease(version, readiness));
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
