import { UserError } from "../core/errors";
import { parseUrl } from "../http/host";

/** The way to a Docker Engine, as the address of its host says it. */
export type DockerWay =
  /** A Unix socket's path, or a Windows pipe's. */
  | { readonly kind: "socket"; readonly path: string }
  /** The path of the URL, if any, is the socket there. */
  | { readonly kind: "ssh"; readonly url: URL }
  | { readonly kind: "tcp"; readonly url: URL };

const forms =
  "unix:///var/run/docker.sock, ssh://user@host, tcp://host:2376 or npipe:////./pipe/docker_engine";
const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

/**
 * What an address of a Docker host means, by one rule for all that use it.
 *
 * @throws UserError that has the form to write.
 */
export function dockerWay(host: string): DockerWay {
  const [, name, rest = ""] = scheme.exec(host) ?? [];
  switch (name) {
    case "unix":
      return { kind: "socket", path: unixPath(host, rest) };
    case "npipe":
      return { kind: "socket", path: pipePath(host, rest) };
    case "ssh":
    case "tcp":
    case "http":
    case "https": {
      const url = urlOf(host);
      return { kind: name === "ssh" ? "ssh" : "tcp", url };
    }
    default:
      throw unusable(host, suggestionFor(host));
  }
}

/** Why an address cannot be one of a Docker host; goes on after its name. */
export function whyNoDockerHost(host: string): string | undefined {
  try {
    dockerWay(host);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

function unixPath(host: string, path: string): string {
  if (/^\/[^?#\s]*[^/?#\s]$/.test(path)) return path;
  throw unusable(host, /^[\w.-]+\/\S+$/.test(path) ? `unix:///${path}` : undefined);
}

/** A URL parser takes the `.` of `npipe:////./pipe/name` away: it is not a URL. */
function pipePath(host: string, path: string): string {
  const [, name] = /^[/\\]{2}\.[/\\]pipe[/\\]([^/\\\s]+)$/.exec(path) ?? [];
  if (name) return `\\\\.\\pipe\\${name}`;
  throw unusable(host);
}

function urlOf(host: string): URL {
  const url = parseUrl(host);
  if (url === undefined) throw unusable(host);
  if (url.hostname === "" || url.search || url.hash || url.password || /\s/.test(host)) throw unusable(host);
  if (url.protocol === "ssh:") return url;
  if (url.username) throw unusable(host, `${url.protocol}//${url.host}`);
  if (url.protocol === "tcp:" && url.port === "") throw unusable(host, `tcp://${url.hostname}:2376`);
  return url;
}

/** What somebody means who leaves the scheme out, as Docker's own client lets people do. */
function suggestionFor(host: string): string | undefined {
  if (/^\/\S+$/.test(host)) return `unix://${host}`;
  const [, pipe] = /^\\\\\.\\pipe\\([^\\\s]+)$/.exec(host) ?? [];
  if (pipe) return `npipe:////./pipe/${pipe}`;
  if (/^[\w.-]+@[\w.:[\]-]+$/.test(host)) return `ssh://${host}`;
  if (/^([\w.-]+|\[[\da-f:.]+\]):\d+$/i.test(host)) return `tcp://${host}`;
  return undefined;
}

function unusable(host: string, suggestion?: string): UserError {
  // A password in it stays out of the message.
  const shown = host.replace(/:[^/@\s]*@/, ":…@");
  return new UserError(
    `is "${shown}", which is not an address of a Docker host: write ${suggestion ?? forms}`,
  );
}
