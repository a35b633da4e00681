import { dockerHostIn } from "../../../config/stack";
import { portsInUse } from "../../../lab/docker/ports";
import { type Check, fail, pass } from "../check";
import type { Subject } from "../subject";

/** Only on this machine: elsewhere a firewall may hide what listens. After an `up` it is authentik that does. */
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
