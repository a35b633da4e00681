import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { RunError } from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";
import { contextOf, type DockerEndpoint, dockerAddress, wayToDocker } from "../../providers/docker/endpoint";
import type { DockerOptions } from "./dockerOptions";

/** Pulumi's Docker provider for the Docker host in the options. */
export function dockerProvider(options: DockerOptions, parent: pulumi.Resource): docker.Provider {
  const { registry, sshOptions } = options;
  const { host, certPath } = contextOf(options) ?? options;
  return new docker.Provider(
    "docker",
    {
      host,
      // Empty, because DOCKER_CONTEXT of the environment would take precedence otherwise.
      context: "",
      certPath,
      sshOpts: sshOptions,
      registryAuth:
        registry &&
        namesOf(registry.address).map((address) => ({
          address,
          username: registry.username,
          password: pulumi.secret(registry.password),
        })),
      // With the check, every preview would need the Docker daemon.
      disableDockerDaemonCheck: true,
    },
    { parent },
  );
}

/** Docker Hub needs both names: the second for images without a registry in their name. */
function namesOf(registry: string): string[] {
  return registry === "docker.io" ? [registry, "registry-1.docker.io"] : [registry];
}

/**
 * The Docker host in the form that the Pulumi provider accepts.
 * @throws RunError if the address is invalid, or the context does not exist
 */
export function dockerHostOf(endpoint: DockerEndpoint): string {
  try {
    wayToDocker(endpoint);
    return dockerAddress(endpoint).host;
  } catch (error) {
    throw error instanceof UserError ? new RunError(error.message) : error;
  }
}
