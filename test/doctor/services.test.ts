import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import type { Result } from "../../cli/doctor/check";
import { servicesCheck } from "../../cli/doctor/checks/services";
import { subjectOf } from "../../cli/doctor/subject";
import { parseConfig } from "../../config/load";
import { Credentials } from "../../providers/core/credentials";
import { deployed } from "../unit/config/right";

let folder = "";
let docker: Server;
let answers: Record<string, unknown> = {};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "services-"));
  docker = createServer(({ url = "" }, response) => {
    const answer = answers[url.split("?")[0] ?? ""];
    response.setHeader("content-type", "application/json");
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ?? { message: "service prod-server not found" }));
  });
  await new Promise<void>((resolve) => docker.listen(join(folder, "docker.sock"), resolve));
});
after(async () => {
  docker.close();
  await rm(folder, { recursive: true });
});

const node = (ID: string, Hostname: string, State: string) => ({
  ID,
  Description: { Hostname },
  Status: { State, Addr: "10.0.0.1", ...(State === "down" && { Message: "heartbeat failure" }) },
});
const task = (NodeID: string, State: string, Err?: string) => ({
  ID: `${NodeID}-${State}`,
  NodeID,
  DesiredState: State === "failed" ? "shutdown" : "running",
  Spec: { ContainerSpec: { Image: "image" } },
  Status: { State, Timestamp: "2026-11-30T00:00:00Z", Err },
});

async function look(nodes: object[], tasks: object[], service: object | null = {}): Promise<Result[]> {
  const Spec = { TaskTemplate: { ContainerSpec: { Image: "image" } }, Mode: { Replicated: { Replicas: 2 } } };
  answers = { "/nodes": nodes, "/tasks": tasks, "/services/prod-server": service && { Spec, ...service } };
  const config = parseConfig(
    {
      ...deployed,
      dockerHost: `unix://${join(folder, "docker.sock")}`,
      swarm: '{"servers":2}',
      redis: "false",
      postgresHost: "db.example.com",
    },
    { isEncrypted: () => true, credentials: {} },
  );
  const made = { anything: true, realms: [], services: ["prod-server"] };
  const subject = subjectOf(config, new Credentials({ get: () => "" }, {}), made);
  return [(await servicesCheck.look(subject)) ?? []].flat();
}

const ready = [node("a", "north", "ready"), node("b", "south", "ready")];

suite("the doctor checks each service of the swarm", () => {
  test("and lists its tasks by node", async () => {
    const [result, ...others] = await look(ready, [task("a", "running"), task("b", "running")]);
    assert.deepEqual(others, []);
    assert.equal(result?.level, "pass");
    assert.equal(result?.found, "prod-server: 2 of 2 tasks run (running on north, running on south)");
  });

  test("and names a node without a connection", async () => {
    const nodes = [node("a", "north", "ready"), node("b", "south", "down")];
    const [cut, service] = await look(nodes, [task("a", "running"), task("a", "starting")]);
    assert.equal(cut?.level, "warn");
    assert.match(cut?.found ?? "", /^The node south of the swarm is down: heartbeat failure\.$/);
    assert.equal(service?.level, "warn");
    assert.match(service?.found ?? "", /1 of 2 tasks run \(running on north, starting on north\)/);
  });

  test("and quotes the error of a failed task", async () => {
    const [result] = await look(ready, [task("a", "failed", "No such image: x"), task("b", "preparing")]);
    assert.equal(result?.level, "fail");
    assert.match(result?.found ?? "", /0 of 2 tasks run .*The last failure: No such image: x\./);
    assert.match(result?.advice ?? "", /cannot pull the image: check `authentikImage`.*docker service ps/);
  });

  test("and reports a stopped update, and a service that is gone", async () => {
    const paused = await look(ready, [task("a", "running"), task("b", "running")], {
      UpdateStatus: { State: "rollback_paused" },
    });
    assert.equal(paused[0]?.level, "fail");
    assert.match(paused[0]?.found ?? "", /Its update is rollback_paused/);
    const [gone] = await look(ready, [], null);
    assert.equal(gone?.level, "fail");
    assert.match(gone?.found ?? "", /service prod-server not found/);
  });
});
