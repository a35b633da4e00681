import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

/** A manager of a swarm with fixed answers by path, or a node that refuses them. Returns its socket. */
export async function startManager(
  context: TestContext,
  answers: Readonly<Record<string, unknown>>,
  status = 200,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "swarm-"));
  const docker = createServer(({ url = "" }, response) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[url.split("?")[0] ?? ""]));
  });
  const socket = join(folder, "docker.sock");
  await new Promise<void>((resolve) => docker.listen(socket, resolve));
  context.after(async () => {
    docker.close();
    await rm(folder, { recursive: true });
  });
  return socket;
}
