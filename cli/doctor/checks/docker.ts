import { dockerEndpointOf } from "../../../config/arguments";
import { dockerHostIn } from "../../../config/stack";
import { messageOf } from "../../../providers/core/errors";
import { callDocker } from "../../../providers/docker/api";
import { type Check, fail, pass } from "../check";
import type { Subject } from "../subject";

/** The Docker Engine of authentik, as the plugin reaches it. */
export const dockerCheck: Check<Subject> = {
  name: "Docker",
  async look({ config }) {
    if (!config.deployAuthentik) return undefined;
    const endpoint = dockerEndpointOf(config);
    const where = dockerHostIn(config);
    // ssh must not ask for a password, because nobody could type it during an `up`.
    const sshOptions = [...(endpoint.sshOptions ?? []), "-o", "BatchMode=yes"];
    try {
      const { Version } = await callDocker<{ Version: string }>(
        { ...endpoint, sshOptions },
        { url: "/version" },
      );
      return pass(`Docker ${Version} answers at ${where}`);
    } catch (error) {
      return fail(messageOf(error), adviceFor(where, config.dockerHost ?? config.dockerContext));
    }
  },
};

function adviceFor(where: string | undefined, given: string | undefined): string {
  if (where === undefined) return "Create the context, or set dockerContext to an existing one.";
  if (where.startsWith("ssh:")) {
    return "Set up ssh with a key, without any prompt. The user there must be allowed to use Docker.";
  }
  return given === undefined
    ? "Start Docker, or let your user use it (group docker); for another machine set dockerHost."
    : "Start Docker there, and check dockerHost (or DOCKER_HOST), its port and certificates.";
}
