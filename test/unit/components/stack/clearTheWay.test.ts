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

suite("before Docker objects are made", () => {
  test("those of an interrupted run are removed, containers first", async () => {
    onDocker({
      networks: [{ Id: "network", Name: "sso-prod-backend", Labels: ours }],
      containers: [{ Id: "container", Names: ["/sso-prod-server"], Labels: ours }],
    });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, ["/containers/container?force=true&v=true", "/networks/network"]);
  });

  test("those in the state stay, whatever their labels", async () => {
    onDocker({ containers: [{ Id: "in-the-state", Names: ["/sso-prod-server"], Labels: null }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });

  test("nothing is touched where the mark is not known, as with mocks", async () => {
    onDocker({ containers: [{ Id: "of-somebody", Names: ["/web"], Labels: null }] });
    await clearTheWay(docker, Object.assign({}, wanted, { mark: undefined }));
    assert.deepEqual(deleted, []);
  });

  test("others' of the same name stay, and stop the run before it changes anything", async () => {
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

  test("a volume of the stack is used as it is", async () => {
    onDocker({ volumes: [{ Name: "sso-prod-database", Labels: { [stackLabel]: "sso-prod" } }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });

  test("where no database can begin, one that is not there stops the run before it changes anything", async () => {
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

  test("in a swarm, those of an interrupted run are removed, services before what they use", async () => {
    onDocker({
      networks: [{ Id: "network", Name: "sso-prod-overlay", Labels: ours }],
      secrets: [
        { ID: "secret", Spec: { Name: "sso-prod-key-1", Labels: ours } },
        { ID: "in-the-state", Spec: { Name: "sso-prod-key-2", Labels: ours } },
      ],
      services: [{ ID: "service", Spec: { Name: "sso-prod-server", Labels: ours } }],
    });
    await clearTheWay(docker, { ...wanted, inSwarm: true });
    assert.deepEqual(deleted, ["/services/service", "/secrets/secret", "/networks/network"]);
  });

  test("in a swarm, another's service of the same name stays, also if a refresh took it into the state", async () => {
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

  test("others' objects of other names do not matter", async () => {
    onDocker({ containers: [{ Id: "foreign", Names: ["/nextcloud"], Labels: null }] });
    await clearTheWay(docker, wanted);
    assert.deepEqual(deleted, []);
  });
});
