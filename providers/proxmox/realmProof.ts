import { agreeInMost, agreeInOne } from "../core/ownership";

interface RemoteRealm {
  readonly "issuer-url"?: string;
  readonly "client-id"?: string;
  readonly "client-key"?: string;
}

interface Realm {
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly clientKey?: string | undefined;
  readonly clientIdProvesOwnership?: boolean | undefined;
  readonly clientProvesOwnership?: boolean | undefined;
}

/** Whether an OpenID realm is the one in the state. */
export function isRealmOf(remote: RemoteRealm, state: Realm): boolean {
  const id = [remote["client-id"], state.clientId] as const;
  const key = [remote["client-key"], state.clientKey] as const;
  const issuer = [remote["issuer-url"], state.issuerUrl] as const;
  if (state.clientIdProvesOwnership) return agreeInOne(id, key);
  return agreeInMost(id, key, issuer);
}

/** Whether an interrupted run of this stack created an existing realm. */
export function provesOurs(remote: RemoteRealm, wanted: Realm): boolean {
  const sameId = remote["client-id"] === wanted.clientId;
  if (wanted.clientIdProvesOwnership) return sameId;
  return !!wanted.clientProvesOwnership && sameId && remote["client-key"] === wanted.clientKey;
}
