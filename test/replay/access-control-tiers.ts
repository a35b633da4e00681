import type { Exchange } from "./exchange";
import { patternOfWhole, type Tier } from "./tiers";

const object = "[^/?]+";

/** The requests of our program to Backup Server and Datacenter Manager. */
const sentByUs = [
  "GET /version",
  "POST /access/ticket",
  "GET /access/domains",
  "POST /config/access/openid",
  `(GET|PUT|DELETE) /config/access/openid/${object}`,
  "(GET|POST) /access/users",
  `(GET|PUT|DELETE) /access/users/${object}`,
  "(GET|PUT) /access/acl",
  "GET /access/permissions",
];

/** Other recorded requests, and why they are not compared. */
const notSent: readonly (readonly [string, string])[] = [
  ["(HEAD|PATCH) .*", "methods that the API does not have"],
  [
    `(GET|POST|PUT) /access/(groups|roles|nope|domains|openid/auth-url)`,
    "paths of Proxmox VE, and roles, which the program knows",
  ],
  ["(GET|PUT|DELETE) (/access(/openid|/acl)?|/config/access)", "indexes of the API"],
  ["GET //access/domains", "another spelling of a path"],
  ["(GET|PUT) /config/access/(openid/?|pam|pbs|pdm)", "lists of realms, and the server's own realms"],
  [`(GET|POST) /access/users/${object}/token(/${object})?`, "API tokens, which the program does not create"],
  ["GET /ping", "needs no recording"],
  ["DELETE /access/ticket", "logging out"],
  [
    "POST /access/openid/(auth-url|login)",
    "logins, whose state is random: test/engine/backup-server.test.ts logs in",
  ],
];

/** Exchanges in a part of the files that are not compared, and why. */
const leftOut: readonly (readonly [RegExp, string])[] = [
  [/-json(-|$)|-json-/, "bodies and content types of JSON: we send forms, and none with GET and DELETE"],
  [/-text-plain$|-body-over-|-query-over-/, "requests that we never send"],
  [
    /-with-the-(same-)?ticket|-of-the-second-login$|-ticket-after-realm-delete$/,
    "tickets of logins, which are not replayed",
  ],
  [/-at-once(-|$)/, "Backup Server's rights count up to five seconds later, and the simulator's at once"],
  [/-hang(s)?$|-calls-hang$|never-answers$/, "an issuer that never answers"],
  [/-daemon-is-down$/, "the daemon was stopped by hand, which the simulator cannot do"],
];

const sentPattern = patternOfWhole(sentByUs.map((call) => call.replace(" ", " /api2/json")).join("|"));
const notSentPatterns = notSent.map(
  ([pattern, reason]) => [patternOfWhole(pattern.replace(" ", " /api2/json")), reason] as const,
);

export function tierOf({ file, method, path, headers }: Exchange): Tier {
  const call = `${method} ${path}`;
  if (path.startsWith("/api2/extjs/")) return { tier: 3, reason: "the web interface's form of answers" };
  if (headers["content-type"]?.startsWith("application/json")) {
    return {
      tier: 3,
      reason: "bodies and content types of JSON: we send forms, and none with GET and DELETE",
    };
  }
  const unlike = leftOut.find(([files]) => files.test(file))?.[1];
  if (unlike !== undefined) return { tier: 3, reason: unlike };
  if (sentPattern.test(call)) return { tier: 1 };
  const reason = notSentPatterns.find(([pattern]) => pattern.test(call))?.[1];
  if (reason === undefined) throw new Error(`${file}: nothing says whether ${call} counts.`);
  return { tier: 3, reason };
}
