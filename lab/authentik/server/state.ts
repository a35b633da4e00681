import type { Disturbance } from "../../disturbance";
import type { Kinds } from "../api/kind";
import type { Lab } from "../lab";
import type { Profile } from "../profile";

/** A server first listens, then finds its database: until then there is no lab. */
export interface ServerState {
  profile: Profile;
  running: { lab: Lab; kinds: Kinds } | undefined;
  disturbance: Disturbance;
  /** Whether a peer is a proxy that may say what the client sees. */
  trusts: (address: string | undefined) => boolean;
  onRequest: ((request: RecordedRequest) => void) | undefined;
}

/** What tests see of each request. */
export interface RecordedRequest {
  method: string;
  /** With its query. */
  path: string;
  body: string;
}
