import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { Recorded } from "../../../../components/stack/recorded";
import { freeName, suffixOf } from "../../../../components/stack/swarm/files";
import { pinned } from "../../../../components/stack/swarm/image";
import { attemptAfterFailure, forceUpdateFor } from "../../../../components/stack/swarm/service";
import { type Planned, planned, productionArgs } from "./planned";

const inSwarm = {
  ...productionArgs,
  redis: false,
  externalDatabase: { host: "db.example.com" },
  docker: { swarm: {} },
};

/** The service with this name: its inputs as text and as values. */
function serviceIn(all: readonly Planned[], name: string) {
  const found = all.find((one) => one.type.endsWith(":Service") && one.name === name);
  assert.ok(found, `no service ${name}`);
  return { text: JSON.stringify(found.inputs), inputs: Object(found.inputs) };
}

test("one host has the same plan as in the version before swarms", async () => {
  const before: unknown = JSON.parse(readFileSync(join(__dirname, "one-host-plan.json"), "utf8"));
  // `npm test` sets it, and it would become the provider's host in the plan.
  const { DOCKER_HOST: ofTests } = process.env;
  delete process.env.DOCKER_HOST;
  try {
    assert.deepEqual(JSON.parse(JSON.stringify(await planned(productionArgs))), before);
  } finally {
    if (ofTests !== undefined) process.env.DOCKER_HOST = ofTests;
  }
});

suite("a stack in a swarm", () => {
  test("has services, secrets, configs and an overlay network, and no container or volume", async () => {
    const all = await planned(inSwarm);
    const kinds = new Set(all.map(({ type }) => type.split(":").at(-1)));
    for (const kind of ["Service", "Secret", "ServiceConfig", "Network", "Rollout"])
      assert.ok(kinds.has(kind), kind);
    for (const kind of ["Container", "Volume", "RemoteImage"]) assert.ok(!kinds.has(kind), kind);
    const network = all.find(({ type }) => type.endsWith(":Network"));
    assert.equal(network?.inputs.driver, "overlay");
  });

  test("with the routing mesh, each node answers on the published ports", async () => {
    const { endpointSpec } = serviceIn(await planned(inSwarm), "server").inputs;
    assert.equal(endpointSpec.mode, "vip");
    assert.deepEqual(
      endpointSpec.ports.map(({ publishedPort, targetPort, publishMode }: Record<string, unknown>) => [
        publishedPort,
        targetPort,
        publishMode,
      ]),
      [
        [80, 9000, "ingress"],
        [443, 9443, "ingress"],
      ],
    );
  });

  test("starts one worker before the others, and updates one task at a time with a rollback", async () => {
    const all = await planned({ ...inSwarm, docker: { swarm: { servers: 3, workers: 4 } } });
    const replicas = ["server", "worker", "more-workers"].map(
      (name) => serviceIn(all, name).inputs.mode.replicated.replicas,
    );
    assert.deepEqual(replicas, [3, 1, 3]);
    const { updateConfig, rollbackConfig, taskSpec } = serviceIn(all, "server").inputs;
    assert.equal(updateConfig.parallelism, 1);
    assert.equal(updateConfig.failureAction, "rollback");
    assert.equal(updateConfig.order, "start-first");
    assert.equal(rollbackConfig.order, "start-first");
    // A load balancer finds the new server in this time. Nobody waits for a worker.
    assert.deepEqual([updateConfig.delay, rollbackConfig.delay], ["15s", "15s"]);
    assert.equal(serviceIn(all, "worker").inputs.updateConfig.delay, "0s");
    assert.equal(taskSpec.containerSpec.stopGracePeriod, "1m30s");
    assert.deepEqual(taskSpec.containerSpec.capDrops, ["ALL"]);
  });

  test("frees the port of a node before the next task needs it, with host ports", async () => {
    const all = await planned({
      ...inSwarm,
      docker: {
        swarm: { publish: "host", constraints: ["node.labels.sso==true"], spread: ["node.labels.zone"] },
      },
    });
    const { updateConfig, endpointSpec, taskSpec } = serviceIn(all, "server").inputs;
    assert.equal(updateConfig.order, "stop-first");
    assert.deepEqual(
      endpointSpec.ports.map((port: Record<string, unknown>) => [port.publishedPort, port.publishMode]),
      [
        [80, "host"],
        [443, "host"],
      ],
    );
    assert.deepEqual(taskSpec.placement.constraints, ["node.labels.sso==true"]);
    assert.deepEqual(taskSpec.placement.prefs, ["spread=node.labels.zone"]);
    assert.equal(serviceIn(all, "worker").inputs.updateConfig.order, "start-first");
  });

  test("is updated in place when settings change: the provider replaces a service whose container labels change", async () => {
    const other = { ...inSwarm, environment: { AUTHENTIK_LOG_LEVEL: "info" } };
    const before = await planned(inSwarm);
    const after = await planned(other);
    const specOf = (all: readonly Planned[]) => serviceIn(all, "server").inputs.taskSpec.containerSpec;
    assert.deepEqual(specOf(after).labels, specOf(before).labels);
    assert.notEqual(
      specOf(after).env.PROXMOX_AUTHENTIK_SSO_SPEC,
      specOf(before).env.PROXMOX_AUTHENTIK_SSO_SPEC,
    );
  });

  test("has its secrets as files that only authentik can read, and no secret in a service", async () => {
    const all = await planned(inSwarm);
    for (const { type, name, inputs } of all) {
      if (/:(Secret|Provider)$/.test(type)) continue;
      assert.doesNotMatch(
        JSON.stringify(inputs),
        /a-(secret-key|database|bootstrap|mail)/,
        `${type} ${name}`,
      );
    }
    const { secrets, env } = serviceIn(all, "worker").inputs.taskSpec.containerSpec;
    assert.deepEqual(secrets.map(({ fileName }: { fileName: string }) => fileName).sort(), [
      "/run/secrets/authentik-secret-key",
      "/run/secrets/bootstrap-password",
      "/run/secrets/bootstrap-token",
      "/run/secrets/environment/AUTHENTIK_EMAIL__PASSWORD",
      "/run/secrets/postgres-password",
    ]);
    for (const { fileUid, fileMode } of secrets) assert.deepEqual([fileUid, fileMode], ["1000", 0o400]);
    assert.equal(env.AUTHENTIK_SECRET_KEY, "file:///run/secrets/authentik-secret-key");
    assert.doesNotMatch(serviceIn(all, "server").text, /bootstrap/i);
  });

  test("derives a secret's name from its content with a key, so the name reveals nothing", () => {
    const name = suffixOf("password", "mark", "key");
    assert.notEqual(suffixOf("other", "mark", "key"), name);
    assert.notEqual(suffixOf("password", "mark", "other key"), name);
    assert.notEqual(suffixOf("password", "other mark", "key"), name);
  });
});

const start = "urn:pulumi:prod::sso::proxmox-authentik-sso:index:AuthentikStack$";

function recorded(
  spec: string,
  rolledOut: string | undefined,
  forceUpdate = 0,
  image = "image:1",
): Recorded[] {
  const env = { PROXMOX_AUTHENTIK_SSO_SPEC: spec };
  const service = { taskSpec: { forceUpdate, containerSpec: { env, image } } };
  return [
    { urn: `${start}docker:index/service:Service::server`, outputs: service },
    ...(rolledOut
      ? [
          {
            urn: `${start}pulumi-nodejs:dynamic/docker:Rollout::server-rollout`,
            outputs: { spec: rolledOut },
          },
        ]
      : []),
  ];
}

suite("a service", () => {
  test("is updated again only if its last rollout failed", () => {
    assert.equal(forceUpdateFor([], "server"), 0, "a new service");
    assert.equal(forceUpdateFor(recorded("new", "new", 3), "server"), 3, "a service that runs");
    assert.equal(forceUpdateFor(recorded("new", "old", 3), "server"), 4, "a failed update");
    assert.equal(forceUpdateFor(recorded("new", undefined), "server"), 1, "a failed start");
  });

  test("gives a content that is declared again after a rollback another name, because the services use the former one", () => {
    assert.equal(attemptAfterFailure(recorded("new", "new", 3)), undefined);
    assert.equal(attemptAfterFailure(recorded("new", "old", 3)), 4);
    const failed = { recorded: "sso-password-bbb", attempt: 4 };
    assert.equal(freeName("password-aaa", failed), "password-aaa-4");
    // Later runs keep it, after a success and after a failure.
    for (const attempt of [undefined, 5]) {
      assert.equal(freeName("password-aaa", { recorded: "sso-password-aaa-4", attempt }), "password-aaa-4");
      assert.equal(freeName("password-aaa", { recorded: "sso-password-aaa", attempt }), "password-aaa");
    }
    assert.equal(
      freeName("password-aaa", { recorded: "sso-password-bbb", attempt: undefined }),
      "password-aaa",
    );
    assert.equal(freeName("password-aaa", { recorded: undefined, attempt: undefined }), "password-aaa");
  });

  test("keeps the digest in the state, and asks no registry for it", async () => {
    const nowhere = { host: "unix:///nowhere/docker.sock" };
    const wanted = (image: string, asked?: string) => ({ image, asked, login: undefined });
    const pin = `image:1@sha256:${"a".repeat(64)}`;
    assert.equal(await pinned(nowhere, recorded("a", "a", 0, pin), wanted("image:1")), pin);
    assert.equal(await pinned(nowhere, [], wanted(pin)), pin);
  });
});
