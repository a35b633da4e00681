import { dockerEndpointOf } from "../../../config/arguments";
import { messageOf } from "../../../providers/core/errors";
import { callDocker } from "../../../providers/docker/api";
import { type Check, fail, pass, type Result, warn } from "../check";
import type { Subject } from "../subject";

interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled?: boolean;
    readonly Health?: { readonly Status: string };
  };
}

/** A preview does not ask Docker. Only a refresh or this check notices a stopped container. */
export const containersCheck: Check<Subject> = {
  name: "Containers",
  needs: ["Docker"],
  async look({ config, made: { containers = [] } }) {
    if (!config.deployAuthentik || containers.length === 0) return undefined;
    const endpoint = dockerEndpointOf(config);
    const results = await Promise.all(
      containers.map(async (name): Promise<Result | undefined> => {
        try {
          return whatIsWrong(
            name,
            await callDocker<Inspected>(endpoint, { url: `/containers/${name}/json` }),
          );
        } catch (error) {
          return fail(messageOf(error), again);
        }
      }),
    );
    const wrong = results.filter((result) => result !== undefined);
    return wrong.length > 0 ? wrong : pass(`${containers.join(", ")} run`);
  },
};

const again = "Run pulumi refresh, then pulumi up, which creates it again. The volumes keep the data.";

function whatIsWrong(name: string, { State: { Status, ExitCode, OOMKilled, Health } }: Inspected) {
  if (Status === "running") {
    return Health?.Status === "unhealthy"
      ? warn(`The container ${name} runs, but its health check fails.`, `See docker logs ${name}.`)
      : undefined;
  }
  const memory = OOMKilled ? ", because it needed more memory than memoryMegabytes" : "";
  return Status === "restarting"
    ? fail(`The container ${name} stops each time it starts${memory}.`, `See docker logs ${name}.`)
    : fail(
        `The container ${name} does not run: it is ${Status} (${ExitCode})${memory}.`,
        `Run docker start ${name}; docker logs ${name} shows why it stopped. pulumi refresh and pulumi up also create it again.`,
      );
}
