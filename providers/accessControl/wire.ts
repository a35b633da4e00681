export type { Realm } from "./openIdRealmWire";

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
