import type * as pulumi from "@pulumi/pulumi";
import type { CertificateArgs } from "../providers/authentik/certificate";
import type { Mount } from "./stack/authentik";
import type { DockerOptions } from "./stack/dockerOptions";
import type { AuthentikSecrets } from "./stack/processes";

/** A certificate that this CA issues and renews. */
export interface IssuedTls {
  /** PEM of the CA's certificate. */
  readonly caCertificate: string;
  /** The stack config key (a secret) with the PEM of the CA's private key. */
  readonly caKeyConfigKey: string;
}

/** A certificate and key that another tool created. After that tool renews them, `pulumi up` uploads the new ones. */
export interface OwnTls {
  /** The files with the certificate, its chain and its key. See `Certificate`. */
  readonly ownPair: NonNullable<CertificateArgs["ownPair"]>;
}

export interface AuthentikStackArgs {
  /** The address at which people and Proxmox open authentik, e.g. `https://auth.example.com`. */
  url: string;
  /** Secret key, database password and bootstrap values. The containers get them as files. */
  secrets: AuthentikSecrets;
  /** The stack config key with the API token (at first, the bootstrap token). @default authentikToken */
  tokenConfigKey?: string;
  /** A certificate for authentik's own https port. Omit it behind a proxy that terminates TLS. */
  tls?: IssuedTls | OwnTls | undefined;
  /** The address at which this program reaches authentik's plain http port. @default that port on the Docker host */
  apiUrl?: string;
  /** Images by tag or digest. @default those of `defaultImages` */
  images?: {
    /** For server and worker. The tag gives the version, unless `version` is set. */
    authentik?: string;
    /** For the database. */
    postgres?: string;
    /** For redis. */
    redis?: string;
  };
  /** authentik's version, if the image's tag does not contain it (a digest, a custom build). */
  version?: string;
  /** Run redis. authentik requires it before the 2025.10 release. @default true */
  redis?: boolean;
  /**
   * Whether the Docker host's kernel has IPv6. Without IPv6, authentik 2026.5 and later stop, unless this is
   * `false`. @default true
   */
  ipv6?: boolean;
  /** Address of the Docker host for the published ports. @default 0.0.0.0 */
  bindAddress?: string;
  /**
   * Address of the Docker host for the http port alone. @default `bindAddress`; with `tls` and a `bindAddress` of
   * 0.0.0.0, 127.0.0.1
   */
  httpBindAddress?: string;
  /** Published port for http. @default 80 */
  httpPort?: number;
  /** Published port for https. @default 443 */
  httpsPort?: number;
  /** E-mail address of the first administrator, akadmin. @default root@example.com */
  bootstrapEmail?: string;
  /** More settings of authentik, as `AUTHENTIK_…` environment variables. */
  environment?: Record<string, pulumi.Input<string>>;
  /** Send crash reports to the authors of authentik. @default false */
  errorReporting?: boolean;
  /** Memory limit in MiB for each of the authentik server and the worker. @default 2048 */
  memoryMegabytes?: number;
  /** Limit of CPUs for each of the authentik server and the worker, e.g. `1.5`. @default all */
  cpus?: string;
  /** More folders or volumes for the authentik server and the worker, such as templates and certificates. */
  mounts?: Mount[];
  /**
   * Networks of reverse proxies whose `X-Forwarded-*` headers authentik trusts, each with its suffix
   * (`203.0.113.7/32`). They replace the defaults. @default the loopback, and the stack's own network with `tls`,
   * or the private networks of IPv4 without it
   */
  trustedProxies?: string[];
  /** PEM of the CA of the proxy's certificate, or of your own certificate, unless it is a public one. */
  caCertificate?: string | undefined;
  /** An existing PostgreSQL, instead of a container. Its password is `secrets.databasePassword`. */
  externalDatabase?: {
    /** Host name or address at which the containers reach PostgreSQL. */
    host: string;
    /** Its port. @default 5432 */
    port?: number;
    /** Its user for authentik. @default authentik */
    user?: string;
    /** Name of the database. @default authentik */
    name?: string;
  };
  /** Where the containers run. @default the local Docker */
  docker?: DockerOptions;
  /** Prefix of all Docker object names. A volume keeps its first prefix. @default `<project>-<stack>` */
  prefix?: string;
  /**
   * Name of the database volume, after the prefix. With another name, the stack starts with an empty database.
   * @default database
   */
  databaseVolume?: string;
  /** Refuse to delete the database volume. @default `production` */
  protectData?: boolean;
  /**
   * Keep the volumes of the database and of uploaded files on Docker if the stack is destroyed or uses others.
   * Volumes of a lab, whose `url` only this machine can open, are removed. @default true, except for a lab
   */
  retainData?: boolean;
  /**
   * Refuse settings that only a lab should have. The preview refuses an address or API without TLS, an address that
   * only this machine can open, and an unprotected database volume. The `up` also refuses images that the lab
   * built. @default false
   */
  production?: boolean;
}
