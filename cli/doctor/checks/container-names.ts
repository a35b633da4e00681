import { isIP } from "node:net";
import { dockerEndpointOf } from "../../../config/arguments";
import { callDocker } from "../../../providers/docker/api";
import type { DockerEndpoint } from "../../../providers/docker/endpoint";
import { hostOf } from "../../../providers/http/host";
import { type Check, pass, type Result, skip, warn } from "../check";
import type { Subject } from "../subject";

/** Exit code of `getent` for an unknown name. */
const unknownName = 2;

/** authentik's container may use another DNS server than this machine. */
export const containerNamesCheck: Check<Subject> = {
  name: "Names in the containers",
  needs: ["Docker"],
  async look({ config, made, authentik, clusters }) {
    if (!config.deployAuthentik || made.serverContainer === undefined) return undefined;
    const container = made.serverContainer;
    const urls = [authentik.origin, ...clusters.flatMap(({ addresses }) => addresses)];
    const names = [...new Set(urls.map(hostOf))].filter((name) => !isIP(name) && name !== "localhost");
    return await Promise.all(names.map((name) => lookUp(dockerEndpointOf(config), container, name)));
  },
};

async function lookUp(endpoint: DockerEndpoint, container: string, name: string): Promise<Result> {
  const status = await statusInside(endpoint, container, ["getent", "ahosts", name]);
  if (status === 0) return pass(`${name} resolves in authentik's container`);
  if (status !== unknownName) {
    return skip(
      `Unable to check whether ${name} resolves in authentik's container: it has no getent (${status}).`,
    );
  }
  return warn(
    `The name ${name} does not resolve in authentik's container.`,
    "Logins do not need the name there, but webhooks and outposts of authentik do. Check the DNS of the Docker host.",
  );
}

/** The exit code of a command in a container. 126 or 127 if it cannot be run. */
async function statusInside(
  endpoint: DockerEndpoint,
  container: string,
  command: readonly string[],
): Promise<number> {
  const { Id } = await callDocker<{ Id: string }>(endpoint, {
    method: "post",
    url: `/containers/${container}/exec`,
    data: { Cmd: command, AttachStdout: true, AttachStderr: true },
  });
  // The response ends when the command does.
  await callDocker(endpoint, { method: "post", url: `/exec/${Id}/start`, data: {}, responseType: "text" });
  const { ExitCode } = await callDocker<{ ExitCode: number }>(endpoint, { url: `/exec/${Id}/json` });
  return ExitCode;
}
