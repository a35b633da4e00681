/** A realm as `GET /config/access/openid/{realm}` tells it; absent fields are unset. */
export interface Realm {
  /** Of another type than openid, where the name is that of one. */
  readonly type?: string;
  /** Of all realms. */
  readonly digest?: string;
  readonly "issuer-url"?: string;
  readonly "client-id"?: string;
  readonly "client-key"?: string;
  readonly "username-claim"?: string;
  readonly autocreate?: boolean;
  readonly default?: boolean;
  readonly comment?: string;
  readonly scopes?: string;
  readonly prompt?: string;
  readonly "acr-values"?: string;
  readonly audiences?: string;
}

export interface User {
  readonly userid: string;
  /** Absent: true. */
  readonly enable?: boolean;
  /** Seconds since 1970; 0 or absent: never. */
  readonly expire?: number;
  readonly comment?: string;
  readonly email?: string;
  readonly firstname?: string;
  readonly lastname?: string;
}

/** What one user or API token may do on one path. */
export interface AclEntry {
  readonly path: string;
  readonly roleid: string;
  /** `name@realm`, or `name@realm!token`. */
  readonly ugid: string;
  readonly propagate: boolean;
}

/** A list is a field for each of its items. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
