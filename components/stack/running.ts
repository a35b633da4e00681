import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { z } from "zod";
import { authentikVersions, whyNeverServed } from "../../providers/authentik/versions";
import { isOlder } from "../../providers/core/versions";
import { hostOf } from "../../providers/http/host";
import { authentikImageFor, whyItStays } from "../images";
import { trustedProxiesVariable, whyNoNetworksIn } from "../model/proxies";
import { isExactVersion, warnOfRelease } from "../releaseWarning";
import { authentikVersionIn } from "../versions";
import type { DockerHost } from "./docker";
import { imageIn, type Recorded, recordedAs } from "./recorded";

export interface Running {
  readonly image: pulumi.Output<string>;
  readonly version: pulumi.Output<string>;
  /** The image, or the version that the user says beside it. */
  readonly said: pulumi.Output<string>;
  /** The address that authentik is told, where it asks for one. */
  readonly baseUrl: pulumi.Output<string | undefined>;
  /** How long its health check may fail at the start. */
  readonly startPeriod: pulumi.Output<string>;
}

interface Said {
  readonly image: string | undefined;
  readonly version: string | undefined;
  readonly tls: object | undefined;
  readonly origin: string;
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The image and version of authentik for a stack, by what the user says and what its state has; warns of what is to know. */
export function authentikToRun(
  host: DockerHost,
  { image: given, version: told, tls, origin, environment }: Said,
  resource: pulumi.Resource,
): Running {
  const image = host.recorded((own) => authentikImageFor(given, imageIn(own, "authentik")));
  const version = image.apply((name) => authentikVersionIn(told ?? name) ?? "");
  // No resource waits for it: a refusal ends the program in its own words.
  pulumi.all([image, version, environment]).apply(async ([image, version, variables]) => {
    const why = tls && whyNeverServed(hostOf(origin), version);
    if (why) throw new RunError(`${origin} cannot serve its TLS certificate: ${why}`);
    // What is an output could not be looked at before.
    const isStrict = !isOlder(version, authentikVersions.withStrictPorts);
    const networks = isStrict && whyNoNetworksIn(variables[trustedProxiesVariable]);
    if (networks) throw new RunError(`\`environment\` ${networks}.`);
    const stays = given === undefined && image !== authentikImageFor(undefined, undefined);
    if (stays) await pulumi.log.warn(whyItStays(image, version), resource);
    if (isExactVersion(told ?? image)) await warnOfRelease(version, resource);
  });
  const baseUrl = pulumi
    .all([image, version, host.recorded((own) => own)])
    .apply(([image, version, own]) => (takesBaseUrl(own, image, version) ? origin : undefined));
  const startPeriod = pulumi
    .all([image, host.recorded((own) => own)])
    .apply(([image, own]) => startPeriodIn(own, image));
  return { image, version, said: image.apply((name) => told ?? name), baseUrl, startPeriod };
}

const startPeriods = z.object({ healthcheck: z.object({ startPeriod: z.string() }) });

/**
 * In the engine's own spelling: another one would differ at every `up`. A first start takes up to 168 s. Containers of before
 * keep their minute until their image changes, as another one would replace them.
 */
export function startPeriodIn(own: readonly Recorded[], image: string): string {
  const server = startPeriods.safeParse(recordedAs(own, "docker:index/container:Container", "server"));
  return server.success && imageIn(own, "authentik") === image ? server.data.healthcheck.startPeriod : "2m0s";
}

/**
 * From 2026.8 on authentik has a base URL, which 2026.11 requires. A container that runs without one gets it with its next
 * image, since the variable replaces it.
 */
export function takesBaseUrl(own: readonly Recorded[], image: string, version: string): boolean {
  if (isOlder(version, authentikVersions.withBaseUrl)) return false;
  const server = recordedAs(own, "docker:index/container:Container", "server");
  const runsWithout =
    server !== undefined && !JSON.stringify(server.envs).includes("AUTHENTIK_WEB__BASE_URL=");
  return !runsWithout || imageIn(own, "authentik") !== image;
}
