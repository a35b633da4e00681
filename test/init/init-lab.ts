import { createServer } from "node:http";
import { join } from "node:path";
import { Lab } from "../doctor/lab";

/** The doctor's lab, and a Docker that answers. */
export async function startLab(): Promise<{ lab: Lab; stop: () => Promise<void> }> {
  const given = process.env.DOCKER_HOST;
  const lab = await Lab.start();
  const socket = join(lab.folder, "init-docker.sock");
  const docker = createServer((_request, response) => response.end('{"Version":"27.0"}'));
  await new Promise<void>((resolve) => docker.listen(socket, resolve));
  process.env.DOCKER_HOST = `unix://${socket}`;
  const stop = async () => {
    if (given === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = given;
    docker.close();
    await lab.stop();
  };
  return { lab, stop };
}

export function hostOf(url: string): string {
  return url.replace("https://", "");
}
