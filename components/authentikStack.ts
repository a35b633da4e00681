import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../providers/authentik/certificate";
import { Readiness } from "../providers/authentik/readiness";
import { WebCertificate } from "../providers/authentik/webCertificate";
import { Component } from "../providers/core/resource";
import { hostOf, isLoopback } from "../providers/http/host";
import { isConstrained } from "../providers/pki/nameConstraints";
import { SharedValues } from "../providers/sso/identity";
import type { AuthentikServer } from "./authentikServer";
import type { AuthentikStackArgs, IssuedTls, OwnTls } from "./authentikStackArgs";
import { defaultImages } from "./images";
import { resolveDeployed } from "./model/authentik";
import { defaults } from "./model/defaults";
import { resolvedOrRefused } from "./model/mistakes";
import { isExactVersion, warnOfRelease } from "./releaseWarning";
import { runAuthentik } from "./stack/authentik";
import { DockerHost, dockerHostOf } from "./stack/docker";
import { plainHttp, trustedNetworks } from "./stack/plainHttp";
import { ownDatabase, runDatabase } from "./stack/postgres";
import { runRedis } from "./stack/redis";
import { authentikToRun } from "./stack/running";
import { dataFolder, postgresMajorIn, saidVersionIn } from "./versions";

const postgresMegabytes = 512;
const redisMegabytes = 256;
/** A first start took 73 to 168 s on two cores. */
const readyWithinSeconds = 600;

/** authentik on Docker: PostgreSQL, redis, server and worker, ready for configuration. */
export class AuthentikStack extends Component implements AuthentikServer {
  readonly origin: string;
  readonly connection: AuthentikServer["connection"];
  readonly expectedVersion: string;
  readonly caCertificate: string | undefined;
  readonly readiness: pulumi.Resource;
  readonly revisions: pulumi.Output<string>[];
  readonly options: pulumi.CustomResourceOptions = { parent: this };
  readonly deletedWith: pulumi.Resource | undefined;
  /** authentik's version, as the running server reports it. */
  readonly version: pulumi.Output<string>;

  constructor(name: string, args: AuthentikStackArgs, options?: pulumi.ComponentResourceOptions) {
    super("proxmox-authentik-sso:index:AuthentikStack", name, options);
    const { postgres, redis: redisImage } = { ...defaultImages, ...args.images };
    const { stack } = defaults;
    const { redis = stack.redis, bindAddress = stack.bindAddress } = args;
    const { httpPort = stack.httpPort, httpsPort = stack.httpsPort } = args;
    const { production = false, protectData = production } = args;
    const authentikOnDocker = resolvedOrRefused(resolveDeployed(args, dockerHostOf(args.docker ?? {})));
    this.origin = authentikOnDocker.origin;
    this.connection = authentikOnDocker.connection;
    this.caCertificate = authentikOnDocker.caCertificate;
    this.expectedVersion = authentikOnDocker.version;

    const prefix = args.prefix ?? `${pulumi.getProject()}-${pulumi.getStack()}`;
    const identity = new SharedValues("identity", {}, { parent: this, aliases: [{ name: "tls-identity" }] });
    const host = new DockerHost(prefix, this, identity.serialNumber, args.docker ?? {}, production);
    const running = authentikToRun(
      host,
      {
        image: args.images?.authentik,
        version: args.version,
        tls: args.tls,
        origin: this.origin,
        environment: args.environment ?? {},
      },
      this,
    );
    const http = plainHttp(
      host,
      {
        image: running.image,
        tls: args.tls !== undefined,
        bindAddress,
        httpBindAddress: args.httpBindAddress,
        httpPort,
        apiUrl: authentikOnDocker.apiUrl,
        production,
      },
      this,
    );
    const backend = host.network("backend", true);
    const frontend = host.network("frontend", false);
    const databaseVolume = args.databaseVolume ?? stack.databaseVolume;
    const retainOnDelete = args.retainData ?? !isLoopback(this.origin);
    const database = args.externalDatabase
      ? undefined
      : {
          image: host.image("postgres", postgres),
          volume: host.volume("database", databaseVolume, { protect: protectData, retainOnDelete }),
        };
    const cache = redis
      ? { image: host.image("redis", redisImage), volume: host.volume("redis-data", "redis") }
      : undefined;
    const authentik = {
      image: host.image("authentik", running.image),
      data: host.volume("authentik-data", "data", { retainOnDelete }),
    };
    const { bootstrapPassword, bootstrapToken } = args.secrets;
    const bootstraps = bootstrapPassword !== undefined && bootstrapToken !== undefined;
    const context = host.containers(
      {
        data: args.externalDatabase?.host ?? databaseVolume,
        authentik: running.version,
        postgres: database && postgresMajorIn(postgres),
      },
      {
        authentik: running.said,
        postgresImage: database && postgres,
        bootstraps,
        isLab: !retainOnDelete,
      },
    );
    const before = [
      ...(database
        ? [
            runDatabase(context, {
              ...database,
              network: backend,
              password: args.secrets.databasePassword,
              memoryMegabytes: postgresMegabytes,
            }),
          ]
        : []),
      ...(cache
        ? [
            runRedis(context, {
              ...cache,
              network: backend,
              memoryMegabytes: redisMegabytes,
              password: args.secrets.redisPassword,
            }),
          ]
        : []),
    ];
    const { server, worker } = runAuthentik(context, {
      ...authentik,
      backend,
      frontend,
      redis,
      secrets: args.secrets,
      bootstrapEmail: args.bootstrapEmail ?? stack.bootstrapEmail,
      database: {
        host: args.externalDatabase?.host ?? ownDatabase.host,
        port: args.externalDatabase?.port ?? ownDatabase.port,
        user: args.externalDatabase?.user ?? ownDatabase.user,
        name: args.externalDatabase?.name ?? ownDatabase.name,
      },
      dataFolder: dataFolder(this.expectedVersion),
      mounts: args.mounts ?? [],
      trustedProxies: trustedNetworks(http, frontend, args.trustedProxies),
      baseUrl: running.baseUrl,
      ipv6: args.ipv6 ?? stack.ipv6,
      environment: args.environment ?? {},
      errorReporting: args.errorReporting ?? stack.errorReporting,
      memoryMegabytes: args.memoryMegabytes ?? stack.memoryMegabytes,
      cpus: args.cpus,
      startPeriod: running.startPeriod,
      bindAddress,
      httpBindAddress: http.apply(({ address }) => address),
      httpPort,
      httpsPort,
      dependsOn: before,
    });

    // The database volume contains all of authentik's objects. If it is deleted, they need no API calls.
    this.deletedWith = retainOnDelete ? undefined : database?.volume;
    const readiness = new Readiness(
      "readiness",
      {
        authentik: this.connection,
        waitSeconds: readyWithinSeconds,
        runsOn: [server, worker, ...before].map((container) => container.id),
        expectedVersion: running.said.apply(saidVersionIn),
        docker: host.endpoint,
        ...(!bootstraps && { bootstraps }),
      },
      { parent: this, deletedWith: this.deletedWith },
    );
    this.version = readiness.version;
    if (!isExactVersion(this.expectedVersion)) this.version.apply((version) => warnOfRelease(version, this));
    this.readiness = readiness;
    // Only the proof of login waits for the certificate, because authentik reads it every few minutes.
    const last = args.tls ? this.#serveTls(args.tls, identity, readiness) : readiness;
    this.revisions = [readiness.revision, last.revision];
    this.shows({ origin: this.origin, version: this.version });
  }

  #serveTls(tls: IssuedTls | OwnTls, identity: SharedValues, readiness: Readiness): WebCertificate {
    const host = hostOf(this.origin);
    const inside = { parent: this, deletedWith: this.deletedWith, dependsOn: [readiness] };
    const certificate = new Certificate(
      "tls-certificate",
      {
        authentik: this.connection,
        name: `${host} (proxmox-authentik-sso)`,
        subjectAltNames: [host],
        ...("ownPair" in tls
          ? tls
          : {
              commonName: commonNameFor(host, tls.caCertificate),
              // The longest validity that Apple's and other clients accept from a private CA.
              validityDays: 825,
              serialNumber: identity.serialNumber,
              signedBy: { certificate: tls.caCertificate, privateKeyConfigKey: tls.caKeyConfigKey },
            }),
      },
      inside,
    );
    return new WebCertificate(
      "web-certificate",
      {
        authentik: this.connection,
        certificate: certificate.pk,
        fingerprint: certificate.fingerprint,
        servedAt: this.origin,
      },
      inside,
    );
  }
}

/** Name constraints also apply to the common name. OpenSSL treats an address in the common name as a host name. */
function commonNameFor(host: string, caCertificate: string): string {
  return isIP(host) && isConstrained(caCertificate) ? "authentik" : host.slice(0, 64);
}
