import { readFileSync } from "node:fs";
import { Agent as HttpsAgent } from "node:https";
import { join } from "node:path";
import axios, { type AxiosRequestConfig } from "axios";
import { UserError } from "../core/errors";
import { isAxiosError } from "../http/failures";
import { certificateFiles, type DockerEndpoint, dockerAddress, wayToDocker } from "./endpoint";
import { SshAgent } from "./ssh";

const timeoutMilliseconds = 60_000;

/** Calls the engine's HTTP API at the address that the Pulumi provider uses. */
export async function callDocker<Body>(
  endpoint: DockerEndpoint,
  request: AxiosRequestConfig,
  limitMilliseconds = timeoutMilliseconds,
): Promise<Body> {
  // A signal, because a connection through ssh has no timeout.
  const signal = AbortSignal.timeout(limitMilliseconds);
  try {
    const response = await axios.request<Body>({ ...transport(endpoint), ...request, signal, proxy: false });
    return response.data;
  } catch (error) {
    if (!isAxiosError(error)) throw error;
    const { host } = dockerAddress(endpoint);
    const message = (messageIn(error.response?.data) ?? error.message).replace(/\.$/, "");
    throw new UserError(
      error.response
        ? `Docker at ${host} refuses the request: ${message}. See its log.`
        : `Docker does not answer at ${host}: ${message}. Check that it is running, and that your user may use it.`,
    );
  }
}

function messageIn(answer: unknown): string | undefined {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer ?? null);
  try {
    return Object(JSON.parse(text)).message;
  } catch {
    return undefined;
  }
}

function transport(endpoint: DockerEndpoint): AxiosRequestConfig {
  const way = wayToDocker(endpoint);
  switch (way.kind) {
    case "socket":
      return { baseURL: "http://docker", socketPath: way.path };
    case "ssh":
      return { baseURL: "http://docker", httpAgent: new SshAgent(way.url, endpoint.sshOptions ?? []) };
    case "tcp": {
      const { certPath } = dockerAddress(endpoint);
      const place = `${way.url.host}${way.url.pathname}`;
      if (!certPath) return { baseURL: `http://${place}` };
      const read = (file: string) => readFileSync(join(certPath, file));
      const [ca, cert, key] = certificateFiles.map(read);
      const pair = { ca, cert, key };
      // Set explicitly, because NODE_TLS_REJECT_UNAUTHORIZED could change the default.
      const tls = { ...pair, rejectUnauthorized: true, minVersion: "TLSv1.2" as const };
      return { baseURL: `https://${place}`, httpsAgent: new HttpsAgent(tls) };
    }
  }
}
