import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Result } from "../../cli/doctor/check";
import { containersCheck } from "../../cli/doctor/checks/containers";
import { subjectOf } from "../../cli/doctor/subject";
import { parseConfig } from "../../config/load";
import { Credentials } from "../../providers/core/credentials";
import { deployed } from "../unit/config/right";

let folder = "";
let docker: Server;
/** Docker's description of the worker's container. Undefined if it does not exist. */
let worker: object | undefined;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "containers-"));
  docker = createServer(({ url }, response) => {
    const State = url === "/containers/prod-worker/json" ? worker : { Status: "running", ExitCode: 0 };
    response.setHeader("content-type", "application/json");
    response.statusCode = State ? 200 : 404;
    response.end(JSON.stringify(State ? { State } : { message: "No such container: prod-worker" }));
  });
  await new Promise<void>((resolve) => docker.listen(join(folder, "docker.sock"), resolve));
});
after(async () => {
  docker.close();
  await rm(folder, { recursive: true });
});

async function look(): Promise<Result[]> {
  const dockerHost = `unix://${join(folder, "docker.sock")}`;
  const config = parseConfig({ ...deployed, dockerHost }, { isEncrypted: () => true, credentials: {} });
  const made = { anything: true, realms: [], containers: ["prod-server", "prod-worker"] };
  const subject = subjectOf(config, new Credentials({ get: () => "" }, {}), made);
  return [(await containersCheck.look(subject)) ?? []].flat();
}

suite("the doctor checks each container of the stack", () => {
  const healthy = { Status: "running", ExitCode: 0, Health: { Status: "healthy" } };
  for (const [what, state, level, says] of [
    ["one that runs", healthy, "pass", /^prod-server, prod-worker run/],
    [
      "one that was stopped",
      { Status: "exited", ExitCode: 137 },
      "fail",
      /^The container prod-worker does not run: it is exited \(137\)\. Run docker start prod-worker; .*pulumi refresh/,
    ],
    [
      "one that Docker killed for its memory",
      { Status: "exited", ExitCode: 137, OOMKilled: true },
      "fail",
      /because it needed more memory than memoryMegabytes/,
    ],
    [
      "one that stops again and again",
      { Status: "restarting", ExitCode: 1 },
      "fail",
      /stops each time it starts\. See docker logs prod-worker/,
    ],
    [
      "one whose health check fails",
      { ...healthy, Health: { Status: "unhealthy" } },
      "warn",
      /runs, but its health check fails\. See docker logs prod-worker/,
    ],
    [
      "one that is gone",
      undefined,
      "fail",
      /No such container: prod-worker.*Run pulumi refresh, then pulumi up/s,
    ],
  ] as const) {
    test(what, async () => {
      worker = state;
      const [result, ...others] = await look();
      assert.deepEqual(others, []);
      assert.equal(result?.level, level);
      assert.match(`${result?.found} ${result?.advice}`, says);
    });
  }
});
