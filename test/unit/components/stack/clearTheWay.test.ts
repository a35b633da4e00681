import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { after, before, suite, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { clearTheWay } from "../../../../components/stack/clearTheWay";
import { markLabel, stackLabel } from "../../../../providers/docker/objects";

const ours = { [stackLabel]: "sso-prod", [markLabel]: "4711" };
const wanted = {
  names: new Set(["sso-prod-server", "sso-prod-database"]),
  volumePrefix: "sso-prod",
  mark: "4711",
  recordedIds: new Set(["in-the-state"]),
};

let server: Server;
let docker = { host: "" };
let deleted: string[] = [];
let answers: Record<string, unknown> = {};

before(async () => {
  server = createServer(({ method, url = "" }, response) => {
    if (method === "DELETE") deleted.push(url);
    const answer = answers[url.split("?")[0] ?? ""];
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify(answer ?? null));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  docker = { host: `tcp://127.0.0.1:${Object(server.address()).port}` };
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: () => ({}),
  };
  await pulumi.runtime.setMocks(mocks, "sso", "prod", false, "acme");
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function onDocker(objects: {
  containers?: object[];
  networks?: object[];
  volumes?: object[];
  services?: object[];
  secrets?: object[];
}): void {
  deleted = [];
  answers = {
    "/services": objects.services ?? [],
    "/secrets": objects.secrets ?? [],
    "/configs": null,
    "/containers/json": objects.containers ?? [],
    "/networks": objects.networks ?? [],
    "/volumes": { Volumes: objects.volumes ?? null },
  };
}

suite("before it creates Docker objects, the program", () => {
  test("removes those of an interrupted run, containers first", async () => {
    onDocker({
      networks: [{ Id: "network", Name: "sso-prod-backend", Labels: ours }],
      containers: [{ Id: "container", Names: ["/sso-prod-server"], Labels: ours }],
    });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, ["/containers/container?force=true&v=true", "/networks/network"]);
  });

  test("keeps those in the state, whatever their labels are", async () => {
    onDocker({ containers: [{ Id: "in-the-state", Names: ["/sso-prod-server"], Labels: null }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });

  test("removes nothing if the mark is unknown, as with mocks", async () => {
    onDocker({ containers: [{ Id: "of-somebody", Names: ["/web"], Labels: null }] });
    await clearTheWay(docker, Object.assign({}, wanted, { mark: undefined }));
    assert.deepEqual(deleted, []);
  });

  test("keeps objects of others with the same name, and fails before any change", async () => {
    onDocker({
      containers: [
        { Id: "left", Names: ["/sso-prod-worker"], Labels: ours },
        { Id: "foreign", Names: ["/sso-prod-server"], Labels: { ...ours, [markLabel]: "another" } },
      ],
      volumes: [{ Name: "sso-prod-database", Labels: null }],
    });
    await assert.rejects(
      clearTheWay(docker, wanted),
      /Docker objects of others .*: the container "sso-prod-server", the volume "sso-prod-database"\. They stay unchanged/,
    );
    assert.deepEqual(deleted, []);
  });

  test("reuses a volume of the stack unchanged", async () => {
    onDocker({ volumes: [{ Name: "sso-prod-database", Labels: { [stackLabel]: "sso-prod" } }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });

  test("fails before any change if a volume is missing and an empty database is not allowed", async () => {
    const needed = { volume: "sso-prod-database", why: "the stack would start with an empty database" };
    onDocker({ containers: [{ Id: "left", Names: ["/sso-prod-worker"], Labels: ours }] });
    await assert.rejects(
      clearTheWay(docker, { ...wanted, needed }),
      /The volume "sso-prod-database" is not on this Docker: the stack would start with an empty database\.$/,
    );
    assert.deepEqual(deleted, []);
    onDocker({ volumes: [{ Name: "sso-prod-database", Labels: { [stackLabel]: "sso-prod" } }] });
    await clearTheWay(docker, { ...wanted, needed });
  });

  test("removes those of an interrupted run from a swarm, services before the objects that they use", async () => {
    onDocker({
      networks: [{ Id: "network", Name: "sso-prod-overlay", Labels: ours }],
      secrets: [
        { ID: "secret", Spec: { Name: "sso-prod-key-1", Labels: ours } },
        { ID: "in-the-state", Spec: { Name: "sso-prod-key-2", Labels: ours } },
        // After a rollback, the services use it, and Pulumi deletes it later.
        { ID: "former", Spec: { Name: "sso-prod-key-0", Labels: ours } },
      ],
      services: [{ ID: "service", Spec: { Name: "sso-prod-server", Labels: ours } }],
    });
    const names = new Set([...wanted.names, "sso-prod-key-1"]);
    await clearTheWay(docker, { ...wanted, names, inSwarm: true });
    assert.deepEqual(deleted, ["/services/service", "/secrets/secret", "/networks/network"]);
  });

  test("keeps another's service of the same name in a swarm, even if a refresh added it to the state", async () => {
    onDocker({
      services: [
        { ID: "in-the-state", Spec: { Name: "sso-prod-server", Labels: { [markLabel]: "another" } } },
      ],
    });
    await assert.rejects(
      clearTheWay(docker, { ...wanted, inSwarm: true }),
      /Docker objects of others .*: the service "sso-prod-server"\. They stay unchanged/,
    );
    assert.deepEqual(deleted, []);
  });

  test("ignores objects of others with other names", async () => {
    onDocker({ containers: [{ Id: "foreign", Names: ["/nextcloud"], Labels: null }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });
});
