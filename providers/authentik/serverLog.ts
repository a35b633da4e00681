import type { DockerEndpoint } from "../docker/endpoint";
import { type Logging, logLinesOf } from "../docker/logs";
import { defaultVersion } from "./releases";

interface Cause {
  readonly words: RegExp;
  /** Whether authentik cannot recover by itself. */
  readonly isFinal: boolean;
  readonly advice: string;
}

/** Log messages of authentik's server and worker before they exit, with the fix. */
const causes: readonly Cause[] = [
  {
    words: /Major version skips are not allowed/i,
    isFinal: true,
    advice:
      "The data are from a release that this one cannot upgrade. Set authentikImage back to the last image that worked, and upgrade release by release (docs/backup.md).",
  },
  {
    words: /InconsistentMigrationHistory/,
    isFinal: true,
    advice: `authentik cannot upgrade the data of this version. Set authentikImage to ${defaultVersion} or later, or back to the last image that worked (docs/backup.md).`,
  },
  {
    words: /os error 97/,
    isFinal: true,
    advice:
      "The kernel of the Docker host has no IPv6: pulumi config set ipv6 false (`ipv6: false` of AuthentikStack), then pulumi up.",
  },
  {
    words: /invalid IP address syntax/,
    isFinal: true,
    advice:
      "AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS has an entry that is not a network: give each its suffix, e.g. 172.16.0.15/32 (`trustedProxies` or authentikEnvironment).",
  },
  {
    words: /password authentication failed for user|role "[^"]*" does not exist/,
    isFinal: false,
    advice:
      "PostgreSQL refuses the login: set `postgresUser` and `postgresPassword` to those of its owner (`externalDatabase` of AuthentikStack), or change the password there.",
  },
  {
    words: /database "[^"]*" does not exist/,
    isFinal: false,
    advice: "Create this database in PostgreSQL, or correct `postgresDatabase`.",
  },
  {
    words: /no pg_hba\.conf entry/,
    isFinal: false,
    advice: "Allow this connection in pg_hba.conf of PostgreSQL, for the addresses of every Docker host.",
  },
  {
    words: /permission denied for (schema|database)/,
    isFinal: false,
    advice: "Make the user the owner of the database: ALTER DATABASE … OWNER TO ….",
  },
  {
    words:
      /(postgresql connection failed|connection to server at).*(refused|ECONNREFUSED|timed? ?out|timeout|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|no route|unreachable|not known|could not translate)/i,
    isFinal: false,
    advice:
      "The containers do not reach PostgreSQL: check `postgresHost` and `postgresPort`, that it listens on this address, and the firewalls.",
  },
  {
    words: /too many clients/,
    isFinal: false,
    advice: "PostgreSQL has no connection left: raise its max_connections, or let fewer programs use it.",
  },
];

const longestQuote = 300;

/**
 * The reason in the containers' logs why authentik does not start. Undefined if the logs show none, or cannot be
 * read.
 */
export async function causeInLogs(
  endpoint: DockerEndpoint,
  containers: readonly string[],
  since: Date,
  kind?: Logging,
): Promise<{ isFinal: boolean; said: string } | undefined> {
  const logs = await Promise.all(
    containers.map((container) => logLinesOf(endpoint, container, since, kind).catch(() => [])),
  );
  const lines = logs.flat();
  for (const { words, isFinal, advice } of causes) {
    const line = lines.findLast((text) => words.test(text));
    if (line !== undefined)
      return { isFinal, said: `its log says "${line.trim().slice(0, longestQuote)}". ${advice}` };
  }
  return undefined;
}
