import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { stopContainers } from "../../../../providers/docker/swarm/stop";

test("a container that has stopped already is no fault, and another failure is one", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "stop-"));
  const socket = join(folder, "docker.sock");
  let status = 304;
  const docker = createServer((_request, response) => {
    response.statusCode = status;
    response.end();
  });
  await new Promise<void>((resolve) => docker.listen(socket, resolve));
  context.after(async () => {
    docker.close();
    await rm(folder, { recursive: true });
  });
  const endpoint = { host: `unix://${socket}` };
  await stopContainers(endpoint, ["one", "two"]);
  status = 500;
  await assert.rejects(stopContainers(endpoint, ["one"]), /Docker at .* refuses the request/);
});
