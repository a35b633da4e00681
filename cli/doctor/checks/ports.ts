import { dockerHostIn } from "../../../config/stack";
import { portsInUse } from "../../../lab/docker/ports";
import { type Check, fail, pass } from "../check";
import type { Subject } from "../subject";

/**
 * Only for this machine, because a firewall may hide the ports of another one. After an `up`, authentik itself
 * listens on them.
 */
export const portsCheck: Check<Subject> = {
  name: "Ports",
  async look({ config, made }) {
    const isHere = /^(unix|npipe):/.test(dockerHostIn(config) ?? "");
    if (!config.deployAuthentik || made.anything || !isHere) return undefined;
    const ports = [config.httpPort, config.httpsPort];
    const used = await portsInUse(ports);
    return used.length === 0
      ? pass(`${ports.join(" and ")} are free for authentik`)
      : fail(
          `Another program listens on port ${used.join(" and ")} already.`,
          "Stop it, or set httpPort and httpsPort (the latter is part of authentikUrl then).",
        );
  },
};
