import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { asHtml } from "../../../../cli/show/as-html";
import { asText } from "../../../../cli/show/as-text";
import { withTasks } from "../../../../cli/show/tasks";
import { startManager } from "../../../tools/swarm-manager";

const overview = {
  stack: "prod",
  authentik: { url: "https://auth.example.com", version: "2026.8.7", certificates: [] },
  clusters: [],
};
const image = { ContainerSpec: { Image: "image" } };
const node = (ID: string, Hostname: string, State: string) => ({
  ID,
  Description: { Hostname },
  Status: { State, Addr: "10.0.0.1" },
});
const task = (NodeID: string, State: string, DesiredState = "running") => ({
  ID: `${NodeID}-${State}`,
  NodeID,
  DesiredState,
  Spec: image,
  Status: { State, Timestamp: "" },
});
const answers: Record<string, unknown> = {
  "/nodes": [node("a", "north", "ready"), node("b", "south", "down")],
  "/tasks": [
    task("b", "running", "shutdown"),
    task("b", "running"),
    task("a", "running"),
    task("", "pending"),
    task("a", "failed", "shutdown"),
  ],
  "/services/prod-server": { Spec: { TaskTemplate: image, Mode: { Replicated: { Replicas: 2 } } } },
};

function exportedWith(socket: string) {
  const resource = (type: string, name: string, inputs: object) => ({
    urn: `urn:pulumi:prod::sso::${type}::${name}`,
    type,
    inputs,
  });
  return {
    deployment: {
      resources: [
        resource("docker:index/service:Service", "server", { name: "prod-server" }),
        resource("pulumi-nodejs:dynamic/docker:Leftovers", "leftovers", {
          docker: { host: `unix://${socket}` },
        }),
      ],
    },
  };
}

suite("show lists the tasks of a swarm", () => {
  test("by node and state, and names a node that is lost", async (context) => {
    const shown = await withTasks(overview, exportedWith(await startManager(context, answers)));
    const [, , tasks] = asText(shown).split("\n\n");
    assert.deepEqual(tasks?.split("\n"), [
      "Tasks of the swarm",
      "  no node  prod-server  pending",
      "  north    prod-server  running",
      "  south    prod-server  running before the node was lost",
      "  The node south is down.",
    ]);
    assert.match(asHtml(shown), /<td>north<\/td><td>prod-server<\/td><td>running<\/td>/);
  });

  test("and says why they are unknown", async () => {
    const shown = await withTasks(overview, exportedWith("/nowhere/docker.sock"));
    for (const page of [asText(shown), asHtml(shown)]) {
      assert.match(page, /tasks.* are unknown: Docker does not answer at unix:\/\/\/nowhere/);
    }
  });

  test("and has no such part for one Docker host", async () => {
    assert.equal(await withTasks(overview, { deployment: { resources: [] } }), overview);
  });
});
