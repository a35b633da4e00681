import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { homedir } from "node:os";
import { join } from "node:path";
import { Duplex } from "node:stream";
import axios, { type AxiosRequestConfig } from "axios";
import { z } from "zod";
import { UserError } from "../core/errors";
import { isAxiosError } from "../http/failures";

/** How the Docker Engine is reached, in the terms of its Pulumi provider. */
export const dockerEndpoint = z.strictObject({
  host: z.string().optional(),
  context: z.string().optional(),
  certPath: z.string().optional(),
});

export type DockerEndpoint = z.output<typeof dockerEndpoint>;

const timeoutMilliseconds = 60_000;
const localHost =
  process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";

/** One call of the engine's HTTP API, at the very place where the Pulumi provider finds it. */
export async function callDocker<Body>(endpoint: DockerEndpoint, request: AxiosRequestConfig): Promise<Body> {
  // A signal, since a connection through ssh has no time-out of its own.
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const response = await axios.request<Body>({ ...transport(endpoint), ...request, signal, proxy: false });
    return response.data;
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    const { message = error.message } = Object(error.response?.data);
    throw new UserError(
      `Docker at ${dockerHostOf(endpoint)} does not do what is asked (${message}). Is it running, and may you use it?`,
    );
  }
}

/** The address that counts: of the context, else as given, else of the environment. */
export function dockerHostOf({ host, context }: DockerEndpoint, environment = process.env): string {
  const name = context ?? environment.DOCKER_CONTEXT;
  if (name) return contextHost(name);
  return host ?? (environment.DOCKER_HOST || localHost);
}

function transport(endpoint: DockerEndpoint): AxiosRequestConfig {
  const url = new URL(dockerHostOf(endpoint));
  switch (url.protocol) {
    case "unix:":
      return { baseURL: "http://docker", socketPath: url.pathname };
    case "npipe:":
      return { baseURL: "http://docker", socketPath: url.pathname.replaceAll("/", "\\") };
    case "ssh:":
      return { baseURL: "http://docker", httpAgent: new SshAgent(url) };
    default: {
      const certPath = endpoint.certPath ?? process.env.DOCKER_CERT_PATH;
      if (!certPath) return { baseURL: `http://${url.host}` };
      const read = (file: string) => readFileSync(join(certPath, file));
      const tls = { ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") };
      return { baseURL: `https://${url.host}`, httpsAgent: new HttpsAgent(tls) };
    }
  }
}

/** By the ssh command, as Docker's own client does it: with the user's keys, known hosts and settings. */
class SshAgent extends HttpAgent {
  readonly #arguments: string[];

  constructor({ hostname, username, port }: URL) {
    super();
    this.#arguments = [
      ...(username ? ["-l", decodeURIComponent(username)] : []),
      ...(port ? ["-p", port] : []),
      ...["-o", "ConnectTimeout=30", "-T", "--", hostname.replace(/^\[|\]$/g, "")],
      ...["docker", "system", "dial-stdio"],
    ];
  }

  override createConnection(): Duplex {
    const { stdin, stdout } = spawn("ssh", this.#arguments, { stdio: ["pipe", "pipe", "inherit"] });
    return Duplex.from({ writable: stdin, readable: stdout });
  }
}

function contextHost(name: string): string {
  const folder = join(homedir(), ".docker", "contexts", "meta");
  for (const entry of readdirSync(folder)) {
    const { Name, Endpoints } = Object(JSON.parse(readFileSync(join(folder, entry, "meta.json"), "utf8")));
    if (Name === name && Endpoints?.docker?.Host) return Endpoints.docker.Host;
  }
  throw new UserError(`There is no Docker context "${name}" here: see \`docker context ls\`.`);
}
