import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";
import { callDocker } from "../../providers/docker/api";
import { type DockerEndpoint, dockerAddress } from "../../providers/docker/endpoint";
import { simulatedLabel } from "../../providers/docker/objects";
import { Refusal } from "./refusal";

/**
 * The lab builds images under the names of the real ones if a pull fails. A label marks them. Docker would use them
 * silently, so production refuses them. If Docker does not answer at preview, the check runs at `up`.
 */
export async function refuseLabImage(docker: DockerEndpoint, image: string): Promise<void> {
  // Over ssh each call is slow, and ssh may prompt.
  if (pulumi.runtime.isDryRun() && dockerAddress(docker).host.startsWith("ssh:")) return;
  if ((await labelsOf(docker, image))?.[simulatedLabel] === undefined) return;
  throw new Refusal(
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
