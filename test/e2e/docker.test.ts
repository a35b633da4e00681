import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { backup } from "../../cli/commands/backup";
import { leastPrivilege } from "../../cli/commands/least-privilege";
import { restore } from "../../cli/commands/restore";
import { defaultImages } from "../../components/images";
import { printedBy } from "../commands/printed";
import { asAdmin, asUser } from "../engine/access-config";
import { assertUnchanged, changes } from "../engine/harness";
import { addUser, assertMayExactly, loginOf, moveUser } from "../engine/login";
import { nothing } from "./docker-inventory";
import { DockerLab } from "./docker-lab";

const prefix = "proxmox-authentik-sso-engine";
const services = ["postgres", "redis", "server", "worker"];
const toBecomeItsUser = ["CAP_CHOWN", "CAP_SETGID", "CAP_SETUID"];
const capabilities: Record<string, string[]> = {
  postgres: [...toBecomeItsUser, "CAP_DAC_OVERRIDE", "CAP_FOWNER"].sort(),
  redis: toBecomeItsUser,
  server: [],
  worker: [],
};
const application = "/core/applications/proxmox/";
const password = "a-password-of-the-test";
/** Path of an uploaded file in authentik, through the image's link. */
const uploaded = "/data/media/public/icon.svg";
/** The same image with the tag of a later release. For this program, that is an upgrade. */
const laterRelease = { repo: "ghcr.io/goauthentik/server", tag: "2026.8.8" };
const proved = /"akadmin@authentik\\?" logged in through authentik/;

describe("authentik on Docker, connected to Proxmox", () => {
  let lab: DockerLab;
  before(async () => {
    lab = await DockerLab.start();
  });
  after(async () => {
    await lab?.remove();
    const { repo, tag } = laterRelease;
    await lab?.docker.getImage(`${repo}:${tag}`).remove();
  });

  it("names in one sentence a network of somebody else with its name", async () => {
    const foreign = await lab.docker.createNetwork({
      Name: `${prefix}-frontend`,
      // The label for the cleanup of a killed test. It does not make the network the stack's.
      Labels: { "proxmox-authentik-sso.stack": prefix },
    });
    const output = await lab.stack.failingUp().finally(() => foreign.remove());
    assert.match(output, / error: Docker objects of others .*-frontend"\. They stay unchanged/);
    assert.doesNotMatch(output, /serializing/);
  });

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
      ["admins-authentik", "authentik", "pve-admins-authentik", "pve-users-authentik"],
      "realm and groups stay: the proof's user is removed",
    );
  });

  it("creates the worker after the server, because both would fill the empty volume for uploads", async () => {
    const [server, worker] = await Promise.all([lab.inspect("server"), lab.inspect("worker")]);
    assert.ok(Date.parse(worker.Created) >= Date.parse(server.State.StartedAt));
  });

  it("admits the users of two groups, with exactly the declared roles, and nobody else", async () => {
    await addUser(lab, "alice", password, ["pve-admins"]);
    const bob = await addUser(lab, "bob", password, ["pve-users"]);
    await addUser(lab, "carol", password, []);
    await assertMayExactly(lab, "alice", password, asAdmin);
    await assertMayExactly(lab, "bob", password, asUser);
    await assert.rejects(loginOf(lab, "carol", password), /Permission denied/);

    await moveUser(lab, bob, ["pve-admins"]);
    await assertMayExactly(lab, "bob", password, asAdmin);
    await moveUser(lab, bob, []);
    await assert.rejects(loginOf(lab, "bob", password), /Permission denied/);
    await moveUser(lab, bob, ["pve-users"]);
    await assertMayExactly(lab, "bob", password, asUser);
  });

  it("makes authentik trust only the loopback address and its own network", async () => {
    const { IPAM } = await lab.docker.getNetwork(`${prefix}-frontend`).inspect();
    const own = (IPAM?.Config ?? []).map(({ Subnet }) => Subnet);
    assert.equal(own.length, 1);
    for (const service of ["server", "worker"]) {
      const { Config } = await lab.inspect(service);
      const trusted = ["127.0.0.0/8", "::1/128", ...own].join(",");
      assert.ok(Config.Env.includes(`AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS=${trusted}`), service);
    }
  });

  it("runs every container with a health check, a restart policy, and limits for memory and logs", async () => {
    for (const service of services) {
      const { HostConfig, Config } = await lab.inspect(service);
      assert.equal(HostConfig.RestartPolicy?.Name, "unless-stopped", service);
      assert.ok(Config.Healthcheck?.Test?.length, service);
      assert.ok(HostConfig.Memory, service);
      assert.deepEqual(HostConfig.LogConfig?.Config, { "max-file": "3", "max-size": "10m" }, service);
    }
  });

  it("gives every container only the required rights, networks and ports", async () => {
    for (const service of services) {
      const { HostConfig, Mounts } = await lab.inspect(service);
      assert.deepEqual(HostConfig.SecurityOpt, ["no-new-privileges:true"], service);
      assert.equal(HostConfig.Privileged, false, service);
      assert.deepEqual(HostConfig.CapDrop, ["ALL"], service);
      assert.deepEqual((HostConfig.CapAdd ?? []).sort(), capabilities[service], service);
      assert.equal(HostConfig.ReadonlyRootfs, service === "redis", service);
      assert.ok(!JSON.stringify(Mounts).includes("docker.sock"), service);
      const ports = Object.keys(HostConfig.PortBindings ?? {}).sort();
      assert.deepEqual(ports, service === "server" ? ["9000/tcp", "9443/tcp"] : [], service);
      const { NetworkSettings } = await lab.inspect(service);
      const isInternal = service === "postgres" || service === "redis";
      assert.deepEqual(
        Object.keys(NetworkSettings.Networks).sort(),
        (isInternal ? ["backend"] : ["backend", "frontend"]).map((network) => `${prefix}-${network}`),
      );
    }
    assert.equal((await lab.docker.getNetwork(`${prefix}-backend`).inspect()).Internal, true);
  });

  it("shows no secret in docker inspect, logs and process arguments", async () => {
    for (const service of services) {
      const container = lab.docker.getContainer(`${prefix}-${service}`);
      const shown = [
        JSON.stringify(await lab.inspect(service)),
        String(await container.logs({ stdout: true, stderr: true })),
        JSON.stringify(await container.top({ ps_args: "-ef" })),
      ].join("\n");
      for (const [key, secret] of Object.entries(lab.secrets)) {
        for (const form of [secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret)]) {
          assert.ok(!shown.includes(form), `${key} of ${service}`);
        }
      }
    }
  });

  it("requires redis's password", async () => {
    assert.match(await lab.run("redis", "redis-cli get a"), /NOAUTH/);
    const withPassword = `REDISCLI_AUTH=${lab.secrets.redisPassword} redis-cli set a b`;
    assert.equal(await lab.run("redis", withPassword), "OK");
  });

  it("passes secret variables to authentik as files, or in its start command if it cannot read a file", async () => {
    const mail = "AUTHENTIK_EMAIL__PASSWORD";
    const atStart = `LAB_CANARY=${lab.secrets["authentikEnvironment.LAB_CANARY"]}`;
    for (const service of ["server", "worker"]) {
      const { Config } = await lab.inspect(service);
      const path = `/run/secrets/environment/${mail}`;
      assert.ok(Config.Env.includes(`${mail}=file://${path}`), service);
      const read = (...command: string[]) =>
        execFileSync("docker", ["exec", `${prefix}-${service}`, ...command], { encoding: "utf8" });
      assert.equal(read("cat", path), lab.secrets[`authentikEnvironment.${mail}`]);
      assert.ok(!read("env").includes(atStart), service);
      assert.ok(read("sh", "-c", "cat /proc/*/environ 2>/dev/null || true").includes(atStart), service);
    }
  });

  it("changes nothing in a second run, and a refresh finds no drift", async () => {
    const before = lab.requests.length;
    assertUnchanged(await lab.stack.up());
    assert.equal(lab.requests.length, before, "no call to Proxmox");
    assertUnchanged(await lab.stack.refresh());
    assertUnchanged(await lab.stack.up());
  });

  it("is backed up and restored with all its data", async () => {
    const pulumi = (args: string[]) => lab.stack.capture(args);
    const file = join(lab.folder, "authentik.dump");
    assert.equal(await backup(pulumi, { file }), 0);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await assert.rejects(backup(pulumi, { file }), /exists already/);
    assert.equal(await lab.askAuthentik("DELETE", application), 204);

    const half = join(lab.folder, "half.dump");
    await writeFile(half, (await readFile(file)).subarray(0, -2000));
    await assert.rejects(restore(pulumi, half, { yes: true }), /pg_restore/);
    assert.equal(await restore(pulumi, file, {}), 1, "not without --yes");
    assert.equal(await lab.askAuthentik("GET", application), 404, "so far nothing was changed");

    assert.equal(await restore(pulumi, file, { yes: true }), 0);
    assert.equal(await lab.askAuthentik("GET", application), 200);
  });

  it("restarts by itself with its data after its processes died, as at a reboot", async () => {
    await lab.run("server", `mkdir -p /data/media/public && echo kept > ${uploaded}`);
    for (const [service, user] of Object.entries({
      postgres: "postgres",
      redis: "redis",
      server: "",
      worker: "",
    })) {
      await lab.die(service, user);
    }
    assert.equal(await lab.askAuthentik("GET", application), 200);
    assertUnchanged(await lab.stack.refresh());
  });

  it("previews with the Docker daemon unreachable", async () => {
    assertUnchanged(await lab.withoutDocker(() => lab.stack.preview()));
  });

  it("refuses at preview what does not fit the data", async () => {
    const postgresImage = "docker.io/library/postgres:17-alpine";
    await lab.stack.configure({
      plain: { authentikImage: "ghcr.io/goauthentik/server:2026.2.3", postgresImage },
    });
    const output = await lab.stack.failingPreview();
    assert.match(output, /authentik cannot go back from 2026\.8\.7 to 2026\.2\.3/);
    assert.match(output, /PostgreSQL 17 cannot read the files of PostgreSQL 16/);
    for (const key of ["authentikImage", "postgresImage"]) await lab.stack.unset(key);
  });

  it("renews authentik's TLS certificate in its last 30 days", async () => {
    const clock = join(lab.folder, "clock.cjs");
    await writeFile(clock, "const now = Date.now; Date.now = () => now() + 800 * 86_400_000;");
    const output = await lab.stack.preview({ NODE_OPTIONS: `--require=${clock}` });
    assert.match(output, /~ .*tls-certificate update/);
  });

  it("accepts a custom TLS pair, a new password and secret key, a service account's token, and a later release, although the run was killed while it created a container", async () => {
    const secret = { postgresPassword: "rotated'password\"with-quotes", authentikSecretKey: "another-key" };
    const paths = {
      tlsCertificatePath: join(lab.folder, "cert.pem"),
      tlsKeyPath: join(lab.folder, "key.pem"),
    };
    const pair = await lab.layOutPair(paths);
    const { repo, tag } = laterRelease;
    await lab.docker.getImage(defaultImages.authentik).tag({ repo, tag });
    const plain = { ...paths, authentikCaCertificate: lab.authentikCa, authentikImage: `${repo}:${tag}` };
    await lab.stack.configure({ plain, secret });
    for (const key of ["tlsCaCertificate", "pulumi-nodejs:tlsCaKey"]) await lab.stack.unset(key);
    const bootstrapToken = { path: "/run/secrets/bootstrap-token" };
    const worker = () => lab.docker.getContainer(`${prefix}-worker`);
    await worker().infoArchive(bootstrapToken);
    const replacing = leastPrivilege((args, input) => lab.stack.capture(args, input));
    assert.equal((await printedBy(() => replacing)).code, 0);
    const { Id } = await lab.inspect("postgres");
    const isReplaced = async () => {
      const made = await lab.inspect("postgres").catch(() => undefined);
      return made !== undefined && made.Id !== Id;
    };
    await lab.stack.killedWhen("up", isReplaced, (run) => run.killAll());
    await lab.stack.cancel();
    const before = lab.requests.length;
    const output = await lab.stack.up();
    assert.match(output, /The container "[^"]+-postgres", which an interrupted run left behind, was removed/);
    assert.match(output, proved);
    const since = lab.requests.slice(before);
    assert.ok(since.includes("POST /api2/json/access/openid/login"), "the login is proved again");
    assert.equal((await lab.servedCertificate()).fingerprint256, pair.fingerprint256);
    for (const service of ["server", "worker"])
      assert.equal(await lab.run(service, `cat ${uploaded}`), "kept");
    await assert.rejects(worker().infoArchive(bootstrapToken), /404|no such file/i);
    assert.doesNotMatch(JSON.stringify(await lab.inspect("worker")), /BOOTSTRAP/);
    const kept = /OAuth2Provider|sso-certificate|OpenIdRealm/;
    assert.ok(!changes(output).some((line) => kept.test(line)), output);
  });

  it("is destroyed although authentik does not run, including the realm", async () => {
    for (const service of ["server", "worker"]) {
      await lab.docker.getContainer(`${prefix}-${service}`).remove({ force: true });
    }
    await lab.leaveBehind();
    await lab.stack.destroy();
    assert.deepEqual(await lab.inventory(), nothing);
    assert.deepEqual(await lab.onProxmox(), []);
  });
});
