import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { freePort } from "../../tools/free-port";
import { registry, requireProgram } from "../../tools/test-programs";

const startLimitMs = 20_000;
/** User `pull` with the password below, hashed with htpasswd -B. */
const htpasswd = "pull:$2b$05$abcdefghijklmnopqrstuupXORZmhMGAipjtylr9Tx70FBH23aaHK\n";

export interface Registry {
  readonly address: string;
  readonly username: string;
  readonly password: string;
  /** Uploads a local image and removes it from the engine. Returns its name by tag and digest. */
  push(image: string, repository: string, tag: string): Promise<string>;
  close(): void;
}

/** A real registry on the loopback address, where Docker requires no TLS. It requires the password. */
export async function startRegistry(docker: Docker, folder: string): Promise<Registry> {
  const command = requireProgram(registry);
  const port = await freePort();
  const data = join(folder, "registry");
  await mkdir(data);
  await writeFile(join(data, "htpasswd"), htpasswd);
  const configuration = {
    version: 0.1,
    log: { accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data } },
    http: { addr: `127.0.0.1:${port}` },
    auth: { htpasswd: { realm: "test", path: join(data, "htpasswd") } },
  };
  // JSON is valid YAML.
  await writeFile(join(data, "config.yml"), JSON.stringify(configuration));
  const server = spawn(command, ["serve", join(data, "config.yml")], { stdio: "ignore" });
  const address = `localhost:${port}`;
  const deadline = Date.now() + startLimitMs;
  while ((await statusOf(address)) !== 401) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error("The registry does not start.");
    await sleep(50);
  }
  const login = { username: "pull", password: "a-registry-password-of-the-test" };
  return {
    ...login,
    address,
    async push(image, repository, tag) {
      const repo = `${address}/${repository}`;
      await docker.getImage(image).tag({ repo, tag });
      const pushed = docker.getImage(`${repo}:${tag}`);
      const said = await pushed.push({ authconfig: { ...login, serveraddress: address } });
      await new Promise<void>((resolve, reject) =>
        docker.modem.followProgress(said, (error) => (error ? reject(error) : resolve())),
      );
      const { RepoDigests } = await pushed.inspect();
      const digest = RepoDigests.find((name) => name.startsWith(`${repo}@`))?.split("@")[1];
      await pushed.remove();
      return `${repo}:${tag}@${digest}`;
    },
    close: () => server.kill(),
  };
}

async function statusOf(address: string): Promise<number> {
  return fetch(`http://${address}/v2/`).then(
    ({ status }) => status,
    () => 0,
  );
}
