import type { Disturbance } from "../../disturbance";
import type { Kinds } from "../api/kind";
import type { Lab } from "../lab";
import type { Profile } from "../profile";

/** A server listens before it connects to its database. Until then, `lab` is undefined. */
export interface ServerState {
  profile: Profile;
  running: { lab: Lab; kinds: Kinds } | undefined;
  disturbance: Disturbance;
  /** Whether a peer is a trusted proxy. */
  trusts: (address: string | undefined) => boolean;
  onRequest: ((request: RecordedRequest) => void) | undefined;
}

/** A request, as tests see it. */
export interface RecordedRequest {
  method: string;
  /** Includes the query. */
  path: string;
  body: string;
}
