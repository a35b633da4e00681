import type { Exchange } from "./exchange";

export type Tier = 1 | 3;

const object = "[^/?]+/";

/** What our program, its commands and a login send, by method and path. */
const sentByUs = [
  "GET /-/health/ready/",
  "GET /api/v3/admin/version/",
  `(GET|POST) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/`,
  `(GET|PATCH|DELETE) /api/v3/(crypto/certificatekeypairs|providers/oauth2|core/applications)/${object}`,
  `GET /api/v3/crypto/certificatekeypairs/${object}view_certificate/`,
  "GET /api/v3/(flows/instances|propertymappings/provider/scope|core/brands)/",
  `(GET|PATCH) /api/v3/core/brands/${object}`,
  `(GET|POST) /api/v3/flows/executor/${object}`,
  `GET /if/flow/${object}`,
  "GET /application/o/(authorize|userinfo)/",
  "POST /application/o/token/",
  `GET /application/o/${object}(.well-known/openid-configuration|jwks/)`,
  "(GET|POST) /api2/json/access/domains",
  `(GET|PUT|DELETE) /api2/json/access/domains/${object.slice(0, -1)}`,
  "GET /api2/json/access/users",
  `DELETE /api2/json/access/users/${object.slice(0, -1)}`,
  "POST /api2/json/access/openid/(auth-url|login)",
  "GET /api2/json/access/permissions",
];

const pattern = new RegExp(`^(${sentByUs.join("|")})(\\?.*)?$`);

export function isSentByUs({ method, path }: Exchange): boolean {
  return pattern.test(`${method} ${path}`);
}
