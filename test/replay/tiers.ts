import type { Exchange } from "./exchange";

const object = "[^/?]+";

const accessKinds = "core/(groups|brands)|policies/bindings|propertymappings/provider/scope";

/** Requests of our program, its commands and a login, by method and path. */
const sentByUs = [
  "GET /-/health/(live|ready)/",
  "GET /api/v3/admin/version/",
  "(GET|POST) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/",
  `(GET|PATCH|DELETE) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/${object}/`,
  `POST /api/v3/core/applications/${object}/set_icon_url/`,
  `GET /api/v3/crypto/certificatekeypairs/${object}/view_certificate/`,
  "GET /api/v3/flows/instances/",
  `(GET|POST) /api/v3/(${accessKinds})/`,
  `(GET|PATCH|DELETE) /api/v3/(${accessKinds})/${object}/`,
  "(GET|POST) /api/v3/core/users/",
  "(GET|PATCH|DELETE) /api/v3/core/users/\\d+/",
  "GET /api/v3/core/users/me/",
  "POST /api/v3/core/users/\\d+/set_password/",
  "(GET|POST) /api/v3/core/tokens/",
  `(GET|POST) /api/v3/flows/executor/${object}/`,
  `GET /(if/flow/${object}|flows/-/default/authentication)/`,
  "GET /application/o/(authorize|userinfo)/",
  "POST /application/o/token/",
  `GET /application/o/${object}/(.well-known/openid-configuration|jwks/)`,
  "GET /api2/json/version",
  "POST /api2/json/access/ticket",
  "(GET|POST) /api2/json/access/domains",
  `(GET|PUT|DELETE) /api2/json/access/domains/${object}`,
  "(GET|POST) /api2/json/access/(groups|roles|users)",
  `(GET|PUT|DELETE) /api2/json/access/(groups|roles|users)/${object}`,
  `GET /api2/json/access/users/${object}/token`,
  `POST /api2/json/access/users/${object}/token/${object}`,
  "(GET|PUT) /api2/json/access/acl",
  "POST /api2/json/access/openid/(auth-url|login)",
  "GET /api2/json/access/permissions",
];

/** Other recorded requests, and why they are not compared. */
const notSent: [string, string][] = [
  ["(OPTIONS|HEAD) .*", "OPTIONS and HEAD, which describe an endpoint: we know it"],
  ["PUT /api/v3/.*", "PUT in authentik: we change by PATCH, which keeps what we do not name"],
  [
    `GET /api/v3/${object}/${object}/.*/(used_by|setup_urls|check_access|view_private_key)/`,
    "what authentik derives for its own pages",
  ],
  ["POST /api/v3/crypto/certificatekeypairs/generate/", "pairs that authentik generates: we import our own"],
  [
    `POST /api/v3/core/(groups/${object}/(add|remove)_user|users/(service_account|\\d+/recovery))/`,
    "shorter ways to what we do by groups, users and tokens",
  ],
  ["(POST|DELETE) /api/v3/policies/expression/.*", "policies of people's own"],
  [
    "GET /api/v3/(admin/system|events/events|managed/blueprints|outposts/instances|propertymappings/all|providers/all(/\\d+)?|root/config|tasks/tasks)/",
    "the rest of authentik's API, of which the simulator has little",
  ],
  [`GET /api/v3/flows/instances/${object}/`, "one flow: we look in the list"],
  [
    "(GET|POST|DELETE) /api/v3/(no/such/thing/|(core/groups|crypto/certificatekeypairs)|crypto/certificatekeypairs/)",
    "paths and methods that do not exist, in authentik",
  ],
  ["GET /(-/health/live)?", "addresses that only redirect"],
  [
    `(GET|POST) /application/o/(introspect/|${object}/end-session/|${object}/.well-known/openid-configuration/)`,
    "OpenID Connect that neither Proxmox nor our proof uses",
  ],
  [`GET /api2/json/access/users/${object}/token/${object}`, "reading one API token: we look in the list"],
  ["PUT /api2/json/access/password", "a user's password, which openid realms have none of"],
  [
    "[A-Z]+ /api2/(extjs/.*|json//.*|json/access(/(domains/|nothing|openid|openid/auth-url|tfa|domains/corp/sync|acl|domains))?)",
    "paths, methods and formats that do not exist or that nobody needs, on Proxmox",
  ],
];

/** Exchanges in a part of the files that are not compared, and why. */
const leftOut: [RegExp, string][] = [
  [
    /-redis-down(-users-me|2-user-create|-login-flow-1-redirected)$/,
    "without redis authentik shows another avatar, which nobody relies on",
  ],
  [
    /-redis-(down|up-again)-app-list|-cert-list-(include-details-false|key-type-rsa)|-binding-list-(group-filter|policy-isnull)|-page-size-(zero|bad)$/,
    "counts objects that were made in parallel, or asks for a part by an order that is random, which we never do",
  ],
  [/-post-invalid-json$/, "a body that is no JSON, which we never send"],
];

export const patternOfWhole = (pattern: string) => new RegExp(`^(${pattern})(\\?.*)?$`);
const sentPattern = patternOfWhole(sentByUs.join("|"));
const notSentPatterns = notSent.map(([pattern, reason]) => [patternOfWhole(pattern), reason] as const);

export type Tier = { tier: 1 } | { tier: 3; reason: string };

export function isSentByUs(call: string): boolean {
  return sentPattern.test(call);
}

export function tierOf({ file, method, path }: Exchange): Tier {
  const call = `${method} ${path}`;
  const unlike = leftOut.find(([files]) => files.test(file))?.[1];
  if (unlike !== undefined) return { tier: 3, reason: unlike };
  if (isSentByUs(call)) return { tier: 1 };
  const reason = notSentPatterns.find(([pattern]) => pattern.test(call))?.[1];
  if (reason === undefined) throw new Error(`${file}: nothing says whether ${call} counts.`);
  return { tier: 3, reason };
}
