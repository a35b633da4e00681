import { UserError } from "../core/errors";
import { parseUrl } from "../http/host";
import { problemWithHost, shownAddress } from "../http/written";

/** How to connect to a Docker Engine, according to its address. */
export type DockerWay =
  /** Path of a Unix socket or Windows pipe. */
  | { readonly kind: "socket"; readonly path: string }
  /** The URL's path, if any, is the socket on that host. */
  | { readonly kind: "ssh"; readonly url: URL }
  | { readonly kind: "tcp"; readonly url: URL };

const forms =
  "unix:///var/run/docker.sock, ssh://user@host, tcp://host:2376 or npipe:////./pipe/docker_engine";
const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

/**
 * Parses the address of a Docker host. All callers use this function.
 * @throws UserError with the expected form
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

/** Why an address is not one of a Docker host. Continues after the option's name. */
export function problemWithDockerHost(host: string): string | undefined {
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

/** Not a URL: a URL parser would remove the `.` of `npipe:////./pipe/name`. */
function pipePath(host: string, path: string): string {
  const [, name] = /^[/\\]{2}\.[/\\]pipe[/\\]([^/\\\s]+)$/.exec(path) ?? [];
  if (name) return `\\\\.\\pipe\\${name}`;
  throw unusable(host);
}

function urlOf(host: string): URL {
  const url = parseUrl(host);
  if (url === undefined) throw unusable(host);
  if (url.hostname === "" || url.search || url.hash || url.password || /\s/.test(host)) throw unusable(host);
  // ssh would read such a host as an option.
  if (url.hostname.startsWith("-") || url.username.startsWith("-") || url.port === "0") throw unusable(host);
  const problem = problemWithHost(url.hostname);
  if (problem !== undefined) {
    throw new UserError(
      `is "${shownAddress(host)}", which is not an address of a Docker host: it ${problem}`,
    );
  }
  if (url.protocol === "ssh:") return url;
  if (url.username) throw unusable(host, `${url.protocol}//${url.host}`);
  if (url.protocol === "tcp:" && url.port === "") throw unusable(host, `tcp://${url.hostname}:2376`);
  return url;
}

/** The probable address if the scheme is missing. Docker's own client accepts such addresses. */
function suggestionFor(host: string): string | undefined {
  const [, pipe] = /^[/\\]{2}\.[/\\]pipe[/\\]([^/\\\s]+)$/.exec(host) ?? [];
  if (pipe) return `npipe:////./pipe/${pipe}`;
  const [, path] = /^(?:unix:)?(\/[^/\s]\S*)$/.exec(host) ?? [];
  if (path) return `unix://${path}`;
  const [, name = "", rest] = scheme.exec(host) ?? [];
  if (name !== name.toLowerCase()) return shownAddress(`${name.toLowerCase()}://${rest}`);
  if (/^[\w.-]+@[\w.:[\]-]+$/.test(host)) return `ssh://${host}`;
  if (/^([\w.-]+|\[[\da-f:.]+\]):\d+$/i.test(host)) return `tcp://${host}`;
  return undefined;
}

function unusable(host: string, suggestion?: string): UserError {
  return new UserError(
    `is "${shownAddress(host)}", which is not an address of a Docker host: write ${suggestion ?? forms}`,
  );
}
