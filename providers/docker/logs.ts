import { callDocker } from "./api";
import type { DockerEndpoint } from "./endpoint";

/** More lines than one start of authentik writes. */
const lastLines = 300;
const headerBytes = 8;

/** `services` are those of a swarm: their logs come from every node. */
export type Logging = "containers" | "services";

/** The lines that a container or a service has logged since then. */
export async function logLinesOf(
  endpoint: DockerEndpoint,
  container: string,
  since: Date,
  kind: Logging = "containers",
): Promise<string[]> {
  const log = await callDocker<Buffer>(endpoint, {
    url: `/${kind}/${container}/logs`,
    params: { stdout: 1, stderr: 1, tail: lastLines, since: Math.floor(since.getTime() / 1000) },
    responseType: "arraybuffer",
  });
  return textOf(Buffer.from(log)).split("\n");
}

/** Each chunk starts with a header: the stream and the number of bytes. */
function textOf(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + headerBytes <= log.length; ) {
    const begin = at + headerBytes;
    at = begin + log.readUInt32BE(at + 4);
    pieces.push(log.subarray(begin, at));
  }
  return Buffer.concat(pieces).toString("utf8");
}
