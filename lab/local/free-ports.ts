import type { SetupContext } from "../../cli/context";
import { portsInUse } from "../docker/ports";
import { hasBeenUp } from "./pulumi";
import { labPorts } from "./servers";

/** Before the first `up` nothing of ours can be on authentik's ports; after it, that is what it is. */
export async function requireFreePorts(context: SetupContext): Promise<void> {
  if (!context.docker || hasBeenUp()) return;
  const used = await portsInUse([labPorts.authentikHttp, labPorts.authentikHttps]);
  if (used.length === 0) return;
  throw new Error(
    `The lab's authentik needs port ${used.join(" and ")}, where another program listens already. Stop that one, or the lab of another clone (npm run stop), then run this again.`,
  );
}
