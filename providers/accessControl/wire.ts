/** A realm in answers of `GET /config/access/openid/{realm}`. Unset options are missing. */
export interface Realm {
  /** The address gives only realms of type openid. For another one, the client takes the type from the error. */
  readonly type: string;
  /** Digest of all realms. */
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
  /** Missing means true. */
  readonly enable?: boolean;
  /** Seconds since 1970. 0 or missing: never. */
  readonly expire?: number;
  readonly comment?: string;
  readonly email?: string;
  readonly firstname?: string;
  readonly lastname?: string;
}

/** A role of one user or API token on one path. */
export interface AclEntry {
  readonly path: string;
  readonly roleid: string;
  /** `name@realm`, or `name@realm!token`. */
  readonly ugid: string;
  readonly propagate: boolean;
}
