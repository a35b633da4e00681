import { waitUntilDone } from "../../core/waiting";
import { callDocker } from "../api";
import type { DockerEndpoint } from "../endpoint";
import { markLabel } from "../objects";
import { isNoManager } from "./objects";
import { serviceState } from "./tasks";

const stopSeconds = 60;
const stoppedWithinSeconds = 120;

/** Stops containers without deleting them. */
export async function stopContainers(docker: DockerEndpoint, ids: readonly string[]): Promise<void> {
  const stopped = ids.map((id) =>
    callDocker(
      docker,
      {
        method: "post",
        url: `/containers/${id}/stop`,
        params: { t: stopSeconds },
        // 304: it has stopped already.
        validateStatus: (status) => status < 300 || status === 304,
      },
      stoppedWithinSeconds * 1000,
    ),
  );
  await Promise.all(stopped);
}

interface Service {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: { readonly Labels?: Readonly<Record<string, string | undefined>> | null };
}

/** A Docker host that is not a manager has none: the stack may have moved to another host. */
async function servicesOn(docker: DockerEndpoint): Promise<Service[]> {
  try {
    return (await callDocker<Service[] | null>(docker, { url: "/services" })) ?? [];
  } catch (error) {
    if (isNoManager(error)) return [];
    throw error;
  }
}

/** Scales the stack's services to no task, and waits until the tasks have stopped. */
export async function stopServices(
  docker: DockerEndpoint,
  ids: readonly string[],
  mark: string,
): Promise<void> {
  const services = await servicesOn(docker);
  const ours = services.filter(({ ID, Spec }) => ids.includes(ID) && Spec.Labels?.[markLabel] === mark);
  for (const { ID, Version, Spec } of ours) {
    await callDocker(docker, {
      method: "post",
      url: `/services/${ID}/update`,
      params: { version: Version.Index },
      data: { ...Spec, Mode: { Replicated: { Replicas: 0 } } },
    });
  }
  for (const { ID } of ours) {
    await waitUntilDone("The swarm's former service does not stop", stoppedWithinSeconds, async () => {
      const { tasks } = await serviceState(docker, ID);
      const running = tasks.filter(({ state }) => /^(starting|running)$/.test(state)).length;
      return running === 0 ? undefined : `${running} tasks run`;
    });
  }
}
