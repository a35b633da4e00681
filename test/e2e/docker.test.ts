import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { assertUnchanged, changes } from "../engine/harness";
import { DockerLab, nothing } from "./docker-lab";

const prefix = "proxmox-authentik-sso-engine";
const services = ["postgres", "redis", "server", "worker"];
const proved = /"akadmin@authentik\\?" logged in through authentik/;

describe("authentik on Docker, joined to Proxmox", () => {
  let lab: DockerLab;
  before(async () => {
    lab = await DockerLab.start();
  });
  after(() => lab?.remove());

  it("goes from nothing to a proved login", async () => {
    const output = await lab.stack.up();
    assert.match(output, proved);
    assert.deepEqual(await lab.inventory(), {
      containers: services.map((service) => `${prefix}-${service}`),
      volumes: ["data", "database", "redis"].map((volume) => `${prefix}-${volume}`),
      networks: ["backend", "frontend"].map((network) => `${prefix}-${network}`),
    });
    assert.deepEqual(
      await lab.onProxmox(),
      ["authentik"],
      "only the realm stays: the proof's user is removed",
    );
  });

  it("runs every container with a health check, a restart policy and bounded memory and logs", async () => {
    for (const service of services) {
      const { HostConfig, Config } = await lab.docker.getContainer(`${prefix}-${service}`).inspect();
      assert.equal(HostConfig.RestartPolicy?.Name, "unless-stopped", service);
      assert.ok(Config.Healthcheck?.Test?.length, service);
      assert.ok(HostConfig.Memory, service);
      assert.deepEqual(HostConfig.LogConfig?.Config, { "max-file": "3", "max-size": "10m" }, service);
    }
    const { NetworkSettings } = await lab.docker.getContainer(`${prefix}-postgres`).inspect();
    assert.deepEqual(Object.keys(NetworkSettings.Networks), [`${prefix}-backend`]);
    assert.equal((await lab.docker.getNetwork(`${prefix}-backend`).inspect()).Internal, true);
  });

  it("shows no secret in docker inspect", async () => {
    for (const service of services) {
      const inspected = JSON.stringify(await lab.docker.getContainer(`${prefix}-${service}`).inspect());
      for (const [key, secret] of Object.entries(lab.secrets)) {
        assert.ok(!inspected.includes(secret), `${key} is in docker inspect ${service}`);
        assert.ok(
          !inspected.includes(Buffer.from(secret).toString("base64")),
          `${key} in base64, ${service}`,
        );
      }
    }
  });

  it("changes nothing when run again, after a refresh that finds no drift", async () => {
    const before = lab.requests.length;
    assertUnchanged(await lab.stack.up());
    assert.equal(lab.requests.length, before, "no call to Proxmox");
    assertUnchanged(await lab.stack.refresh());
    assertUnchanged(await lab.stack.up());
  });

  it("previews with the Docker daemon unreachable", async () => {
    assertUnchanged(await lab.withoutDocker(() => lab.stack.preview()));
  });

  it("rotates the database password by one config value, and keeps the data", async () => {
    await lab.stack.configure({ secret: { postgresPassword: "rotated'password\"with-quotes" } });
    const before = lab.requests.length;
    const output = await lab.stack.up();
    assert.match(output, proved);
    const since = lab.requests.slice(before);
    assert.ok(since.includes("POST /api2/json/access/openid/login"), "the login is proved again");
    const kept = /OAuth2Provider|Certificate|OpenIdRealm/;
    assert.ok(!changes(output).some((line) => kept.test(line)), output);
  });

  it("is destroyed although authentik is dead, and the realm goes", async () => {
    for (const service of ["server", "worker"]) {
      await lab.docker.getContainer(`${prefix}-${service}`).remove({ force: true });
    }
    await lab.stack.destroy();
    assert.deepEqual(await lab.inventory(), nothing);
    assert.deepEqual(await lab.onProxmox(), []);
  });
});
