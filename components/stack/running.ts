import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { z } from "zod";
import { authentikVersions, problemWithServedName } from "../../providers/authentik/versions";
import { isOlder } from "../../providers/core/versions";
import { hostOf } from "../../providers/http/host";
import { authentikImageFor, whyItStays } from "../images";
import { problemWithNetworksIn, trustedProxiesVariable } from "../model/proxies";
import { isExactVersion, warnOfRelease } from "../releaseWarning";
import { authentikVersionIn } from "../versions";
import type { DockerHost } from "./docker";
import { imageIn, type Recorded, recordedAs } from "./recorded";

export interface Running {
  readonly image: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
  /** The image, or the `version` option next to it. */
  readonly said: pulumi.Output<string>;
  /** authentik's own address, for versions that have this setting. */
  readonly baseUrl: pulumi.Output<string | undefined>;
  /** How long the health check may fail after the start. */
  readonly startPeriod: pulumi.Output<string>;
}

interface Said {
  readonly image: string | undefined;
  readonly version: string | undefined;
  readonly tls: object | undefined;
  readonly origin: string;
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly inSwarm: boolean;
}

/** Selects authentik's image and version from the options and the state. Warns about known problems. */
export function authentikToRun(
  host: DockerHost,
  { image: given, version: told, tls, origin, environment, inSwarm }: Said,
  resource: pulumi.Resource,
): Running {
  const image = host.own.apply((own) => authentikImageFor(given, imageIn(own, "authentik")));
  const version = image.apply((name) => authentikVersionIn(told ?? name) ?? "");
  // No resource depends on this check. A refusal ends the program with its own error.
  pulumi.all([image, version, environment]).apply(async ([image, version, variables]) => {
    refuseToRun(version, { tls, origin, variables });
    const stays = given === undefined && image !== authentikImageFor(undefined, undefined);
    if (stays) await pulumi.log.warn(whyItStays(image, version), resource);
    if (isExactVersion(told ?? image)) await warnOfRelease(version, resource);
  });
  const baseUrl = pulumi
    .all([image, version, host.own])
    .apply(([image, version, own]) =>
      takesBaseUrl(inSwarm ? [] : own, image, version) ? origin : undefined,
    );
  const startPeriod = pulumi.all([image, host.own]).apply(([image, own]) => startPeriodIn(own, image));
  return { image, version, said: image.apply((name) => told ?? name), baseUrl, startPeriod };
}

/**
 * Checks values that are known late: the version of an image in the state, and outputs.
 * @throws RunError if this version of authentik does not start, or never serves its certificate
 */
export function refuseToRun(
  version: string,
  { tls, origin, variables }: Pick<Said, "tls" | "origin"> & { variables: Record<string, string> },
): void {
  const why = tls && problemWithServedName(hostOf(origin), version);
  if (why) throw new RunError(`${origin} cannot serve its TLS certificate: ${why}`);
  const isStrict = !isOlder(version, authentikVersions.withStrictPorts);
  const networks = isStrict && problemWithNetworksIn(variables[trustedProxiesVariable]);
  if (networks) throw new RunError(`\`environment\` ${networks}.`);
}

const startPeriods = z.object({ healthcheck: z.object({ startPeriod: z.string() }) });

/**
 * In Docker's own spelling, because another one would show a difference at every `up`. A first start takes up to 168
 * s. Existing containers keep one minute until their image changes, because a new value would replace them.
 */
export function startPeriodIn(own: readonly Recorded[], image: string): string {
  const server = startPeriods.safeParse(recordedAs(own, "docker:index/container:Container", "server"));
  return server.success && imageIn(own, "authentik") === image ? server.data.healthcheck.startPeriod : "2m0s";
}

/**
 * Since 2026.8 authentik has a base URL, and 2026.11 requires it. An existing container gets the variable with its
 * next image, because the variable replaces the container.
 */
export function takesBaseUrl(own: readonly Recorded[], image: string, version: string): boolean {
  if (isOlder(version, authentikVersions.withBaseUrl)) return false;
  const server = recordedAs(own, "docker:index/container:Container", "server");
  const runsWithout =
    server !== undefined && !JSON.stringify(server.envs).includes("AUTHENTIK_WEB__BASE_URL=");
  return !runsWithout || imageIn(own, "authentik") !== image;
}
