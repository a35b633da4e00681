import type { DockerEngine } from "../lab/docker/engine";
import type { Toolchain } from "../lab/toolchain/toolchain";

/** What the set-up's steps find or make; each step relies on the ones before it. */
export interface SetupContext {
  toolchain?: Toolchain;
  /** Absent where there is no Docker: authentik then runs as a local process. */
  docker?: DockerEngine;
}
