import type { Exchange } from "./exchange";

const object = "[^/?]+";

/** What our program, its commands and a login send, by method and path. */
const sentByUs = [
  "GET /-/health/ready/",
  "GET /api/v3/admin/version/",
  "(GET|POST) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/",
  `(GET|PATCH|DELETE) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/${object}/`,
  `POST /api/v3/core/applications/${object}/set_icon_url/`,
  `GET /api/v3/crypto/certificatekeypairs/${object}/view_certificate/`,
  "GET /api/v3/(flows/instances|propertymappings/provider/scope|core/brands)/",
  `(GET|PATCH) /api/v3/core/brands/${object}/`,
  `(GET|POST) /api/v3/flows/executor/${object}/`,
  `GET /if/flow/${object}/`,
  "GET /application/o/(authorize|userinfo)/",
  "POST /application/o/token/",
  `GET /application/o/${object}/(.well-known/openid-configuration|jwks/)`,
  "(GET|POST) /api2/json/access/domains",
  `(GET|PUT|DELETE) /api2/json/access/domains/${object}`,
  "GET /api2/json/access/users",
  `DELETE /api2/json/access/users/${object}`,
  "POST /api2/json/access/openid/(auth-url|login)",
  "GET /api2/json/access/permissions",
];

/** Part of the files whose exchanges do not count, and why. */
const leftOut: [RegExp, string][] = [
  [/-outage-db-/, "the database is down, and the simulator keeps its objects in memory here"],
  [/-redis-down/, "redis is lost while 2025.10 runs, which changes nothing in the simulator"],
  [
    /-redis-up-again-app-list|-cert-list-(include-details-false|key-type-rsa)$/,
    "counts objects that were made in parallel, or asks for fewer details, which we never do",
  ],
];

export const everythingElse = "our program does not send it; replayed for the state that it leaves";

const pattern = new RegExp(`^(${sentByUs.join("|")})(\\?.*)?$`);

export type Tier = { tier: 1 } | { tier: 3; reason: string };

export function tierOf({ file, method, path }: Exchange): Tier {
  const reason = leftOut.find(([files]) => files.test(file))?.[1];
  if (reason !== undefined) return { tier: 3, reason };
  return pattern.test(`${method} ${path}`) ? { tier: 1 } : { tier: 3, reason: everythingElse };
}

/** Needs a server in a state that the simulator does not have. */
export function canBeSent({ file }: Exchange): boolean {
  return !/-outage-db-|-redis-down\d?-(live|ready|flow-(get|list))$/.test(file);
}
