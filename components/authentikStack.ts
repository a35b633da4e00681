import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { Certificate } from "../providers/authentik/certificate";
import { Readiness } from "../providers/authentik/readiness";
import { WebCertificate, type WebCertificateArgs } from "../providers/authentik/webCertificate";
import { Component } from "../providers/core/resource";
import { hostOf, isLoopback } from "../providers/http/host";
import { isConstrained } from "../providers/pki/nameConstraints";
import { SharedValues } from "../providers/sso/identity";
import type { AuthentikServer } from "./authentikServer";
import type { AuthentikStackArgs, IssuedTls, OwnTls } from "./authentikStackArgs";
import { resolveDeployed } from "./model/authentik";
import { defaults } from "./model/defaults";
import { resolvedOrRefused } from "./model/mistakes";
import { readStackArgs } from "./model/stackOptions";
import { isExactVersion, warnOfRelease } from "./releaseWarning";
import { DockerHost } from "./stack/docker";
import { dockerHostOf } from "./stack/dockerProvider";
import { hasBootstrap, runOnOneHost } from "./stack/oneHost";
import { authentikToRun } from "./stack/running";
import { runInSwarm } from "./stack/swarm/run";
import { withTexts } from "./stack/texts";
import { saidVersionIn } from "./versions";

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

  constructor(name: string, given: AuthentikStackArgs, options?: pulumi.ComponentResourceOptions) {
    super("proxmox-authentik-sso:index:AuthentikStack", name, options);
    const title = `AuthentikStack "${name}"`;
    const args = withTexts(resolvedOrRefused(readStackArgs(given), title), title);
    const authentikOnDocker = resolvedOrRefused(
      resolveDeployed(args, dockerHostOf(args.docker ?? {})),
      title,
    );
    const { swarm } = authentikOnDocker;
    this.origin = authentikOnDocker.origin;
    this.connection = authentikOnDocker.connection;
    this.caCertificate = authentikOnDocker.caCertificate;
    this.expectedVersion = authentikOnDocker.version;

    const prefix = args.prefix ?? `${pulumi.getProject()}-${pulumi.getStack()}`;
    const identity = new SharedValues("identity", {}, { parent: this, aliases: [{ name: "tls-identity" }] });
    const host = new DockerHost(
      prefix,
      this,
      identity.serialNumber,
      args.docker ?? {},
      args.production ?? false,
    );
    const running = authentikToRun(
      host,
      {
        image: args.images?.authentik,
        version: args.version,
        tls: args.tls,
        origin: this.origin,
        environment: args.environment ?? {},
        inSwarm: swarm !== undefined,
      },
      this,
    );
    const retainOnDelete = args.retainData ?? !isLoopback(this.origin);
    const { runsOn, database, service } = swarm
      ? runInSwarm(host, args, { running, swarm, retainOnDelete })
      : runOnOneHost(host, args, {
          running,
          expectedVersion: this.expectedVersion,
          apiUrl: authentikOnDocker.apiUrl,
          retainOnDelete,
          resource: this,
        });

    // The database volume contains all of authentik's objects. If it is deleted, they need no API calls.
    this.deletedWith = retainOnDelete ? undefined : database;
    const readiness = new Readiness(
      "readiness",
      {
        authentik: this.connection,
        waitSeconds: readyWithinSeconds,
        runsOn,
        expectedVersion: running.said.apply(saidVersionIn),
        // The rollouts read the logs of a swarm's services.
        ...(!swarm && { docker: host.endpoint }),
        ...(!hasBootstrap(args) && { bootstraps: false }),
      },
      { parent: this, deletedWith: this.deletedWith },
    );
    this.version = readiness.version;
    if (!isExactVersion(this.expectedVersion)) this.version.apply((version) => warnOfRelease(version, this));
    this.readiness = readiness;
    // Only the proof of login waits for the certificate, because authentik reads it every few minutes.
    const servers = service && {
      docker: host.endpoint,
      service,
      port: args.httpsPort ?? defaults.stack.httpsPort,
    };
    const last = args.tls ? this.#serveTls(args.tls, { identity, readiness, servers }) : readiness;
    this.revisions = [readiness.revision, last.revision];
    this.shows({ origin: this.origin, version: this.version });
  }

  #serveTls(
    tls: IssuedTls | OwnTls,
    {
      identity,
      readiness,
      servers,
    }: { identity: SharedValues; readiness: Readiness; servers: WebCertificateArgs["servers"] },
  ): WebCertificate {
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
        ...(servers && { servers }),
      },
      inside,
    );
  }
}

/** Name constraints also apply to the common name. OpenSSL treats an address in the common name as a host name. */
function commonNameFor(host: string, caCertificate: string): string {
  // Plain JavaScript can give an output, which cannot be read here.
  const isText = typeof caCertificate === "string";
  return isIP(host) && isText && isConstrained(caCertificate) ? "authentik" : host.slice(0, 64);
}
