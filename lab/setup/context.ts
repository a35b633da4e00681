import type { DockerEngine } from "../docker/engine";
import type { Toolchain } from "../toolchain/toolchain";

/** Values that set-up steps find or create. Later steps use those of earlier ones. */
export interface SetupContext {
  toolchain?: Toolchain;
  /** Undefined without Docker. authentik then runs as a local process. */
  docker?: DockerEngine;
  /** Whether the lab also has a Backup Server and a Datacenter Manager. */
  all?: boolean;
}
