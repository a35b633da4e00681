import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { messageOf, UserError } from "../../../providers/core/errors";
import { callDocker } from "../../../providers/docker/api";
import type { DockerEndpoint } from "../../../providers/docker/endpoint";
import { type Login, loginHeaders } from "../pull";
import { imageInSwarm, type Recorded, recordedAs } from "../recorded";

const labelled = z.looseObject({
  labels: z.array(z.looseObject({ label: z.string(), value: z.string() })).default([]),
});

/** Label of a service with the text of `pullImages`. A change of it asks the registry again. */
const askedLabel = "proxmox-authentik-sso.pull-images";

export function askedLabels(asked: string | undefined): { label: string; value: string }[] {
  return asked === undefined ? [] : [{ label: askedLabel, value: asked }];
}

interface Wanted {
  readonly image: string;
  readonly asked: string | undefined;
  readonly login: Login | undefined;
}

/**
 * The image with its digest, so that every node runs the same one. The registry is asked once for each tag, and at
 * `up` only. Without an answer, the tag remains, and each node needs the image already.
 */
export async function pinned(
  endpoint: DockerEndpoint,
  own: readonly Recorded[],
  { image, asked, login }: Wanted,
): Promise<string> {
  if (image.includes("@sha256:")) return image;
  const before = recordedImage(own, asked);
  if (before === image || before?.startsWith(`${image}@sha256:`)) return before;
  if (pulumi.runtime.isDryRun()) return image;
  try {
    const { Descriptor } = await callDocker<{ Descriptor: { digest: string } }>(endpoint, {
      url: `/distribution/${image}/json`,
      headers: loginHeaders(image, login),
    });
    return `${image}@${Descriptor.digest}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await pulumi.log.warn(
      `The registry does not give the digest of ${image}: ${messageOf(error)} ` +
        "Each node uses the image that it has under this tag. To pin it, set the image with its digest.",
    );
    return image;
  }
}

/** The image in the state, unless `pullImages` has changed since. */
function recordedImage(own: readonly Recorded[], asked: string | undefined): string | undefined {
  const service = labelled.safeParse(recordedAs(own, "docker:index/service:Service", "server"));
  const askedBefore = service.data?.labels.find(({ label }) => label === askedLabel)?.value;
  return askedBefore === asked ? imageInSwarm(own) : undefined;
}
