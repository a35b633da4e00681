import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";
import { callDocker } from "../../providers/docker/api";
import { type DockerEndpoint, dockerAddress } from "../../providers/docker/endpoint";
import { simulatedLabel } from "../../providers/docker/objects";

/**
 * The lab makes images under the real ones' names where these cannot be pulled, and Docker takes what is there. They are
 * told apart by a label. A preview does not depend on Docker: where it does not answer, the `up` looks.
 */
export async function refuseStandIn(docker: DockerEndpoint, image: string): Promise<void> {
  // Each call by ssh takes a while, and may ask questions.
  if (pulumi.runtime.isDryRun() && dockerAddress(docker).host.startsWith("ssh:")) return;
  if ((await labelsOf(docker, image))?.[simulatedLabel] === undefined) return;
  throw new RunError(
    `Not fit for production: the image ${image} on this Docker was made by the lab (npm start). ` +
      `Remove it, so that the real one is pulled: docker image rm ${image}`,
  );
}

async function labelsOf(docker: DockerEndpoint, image: string): Promise<Record<string, string> | undefined> {
  try {
    const { Config } = await callDocker<{ Config: { Labels?: Record<string, string> | null } }>(docker, {
      url: `/images/${image}/json`,
    });
    return Config.Labels ?? undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
