import type { Exchange } from "./exchange";

const object = "[^/?]+";

const accessKinds = "core/(groups|brands)|policies/bindings|propertymappings/provider/scope";

/** What our program, its commands and a login send, by method and path. */
const sentByUs = [
  "GET /-/health/ready/",
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
  "POST /api/v3/core/users/\\d+/set_password/",
  `(GET|POST) /api/v3/flows/executor/${object}/`,
  `GET /if/flow/${object}/`,
  "GET /application/o/(authorize|userinfo)/",
  "POST /application/o/token/",
  `GET /application/o/${object}/(.well-known/openid-configuration|jwks/)`,
  "(GET|POST) /api2/json/access/domains",
  `(GET|PUT|DELETE) /api2/json/access/domains/${object}`,
  "(GET|POST) /api2/json/access/(groups|roles|users)",
  `(GET|PUT|DELETE) /api2/json/access/(groups|roles|users)/${object}`,
  "(GET|PUT) /api2/json/access/acl",
  "POST /api2/json/access/openid/(auth-url|login)",
  "GET /api2/json/access/permissions",
];

/** Part of the files whose exchanges do not count, and why. */
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

export const everythingElse = "our program does not send it; replayed for the state that it leaves";

const pattern = new RegExp(`^(${sentByUs.join("|")})(\\?.*)?$`);

export type Tier = { tier: 1 } | { tier: 3; reason: string };

export function tierOf({ file, method, path }: Exchange): Tier {
  const reason = leftOut.find(([files]) => files.test(file))?.[1];
  if (reason !== undefined) return { tier: 3, reason };
  return pattern.test(`${method} ${path}`) ? { tier: 1 } : { tier: 3, reason: everythingElse };
}
