import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { capture } from "../../process";
import { type Check, fail, pass } from "../check";
import type { Subject } from "../subject";

const limitMs = 10_000;

/** The engine that runs authentik, as the plugin reaches it. */
export const dockerCheck: Check<Subject> = {
  name: "Docker",
  async look({ config }) {
    if (!config.deployAuthentik) return undefined;
    const address = config.dockerHost ?? (config.dockerContext ? undefined : process.env.DOCKER_HOST);
    const where = address ?? (config.dockerContext ? `context ${config.dockerContext}` : "the local socket");
    try {
      return pass(`Docker ${await versionOf(address, config)} answers at ${where}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return fail(`Docker does not answer at ${where}: ${reason}`, adviceFor(address));
    }
  },
};

type Options = Pick<Subject["config"], "dockerContext" | "dockerCertPath">;

async function versionOf(address: string | undefined, options: Options): Promise<string> {
  const format = ["version", "--format", "{{.Server.Version}}"];
  if (options.dockerContext) return printed("docker", ["--context", options.dockerContext, ...format]);
  if (address?.startsWith("ssh://")) {
    return printed("ssh", ["-o", "BatchMode=yes", address, "docker", ...format.map((word) => `'${word}'`)]);
  }
  const { Version } = await engineAt(address, options.dockerCertPath).version();
  return Version;
}

async function printed(command: string, args: string[]): Promise<string> {
  return (await capture(command, args, { timeoutMs: limitMs })).trim();
}

function engineAt(address: string | undefined, certPath: string | undefined): Docker {
  if (address === undefined) return new Docker({ timeout: limitMs });
  const { protocol, pathname, hostname, port } = new URL(address);
  if (protocol === "unix:" || protocol === "npipe:")
    return new Docker({ socketPath: pathname, timeout: limitMs });
  const folder = certPath?.replace(/^~/, homedir());
  const read = (name: string) =>
    folder === undefined ? undefined : readFileSync(join(folder, name), "utf8");
  return new Docker({
    protocol: folder === undefined ? "http" : "https",
    host: hostname,
    port: Number(port || 2376),
    ca: read("ca.pem"),
    cert: read("cert.pem"),
    key: read("key.pem"),
    timeout: limitMs,
  });
}

function adviceFor(address: string | undefined): string {
  if (address?.startsWith("ssh://")) {
    return "Log in once by ssh with a key and no question asked; the user there must be allowed to use Docker.";
  }
  return address === undefined
    ? "Start Docker, or let your user use it (group docker); for another machine set dockerHost."
    : "Start Docker there, and check dockerHost (or DOCKER_HOST), its port and certificates.";
}
