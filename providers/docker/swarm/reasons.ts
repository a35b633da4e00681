import type { ServiceState, Task } from "./tasks";

interface Reason {
  /** Words of Docker's scheduler, or of the node. */
  readonly words: RegExp;
  /** Whether the cause may end by itself: another task stops, or a node comes back. */
  readonly mayPass: boolean;
  readonly advice: (service: Pick<ServiceState, "constraints" | "ports">) => string;
}

/** Docker's reasons why a task does not run, with the fix. */
const reasons: readonly Reason[] = [
  {
    words: /scheduling constraints not satisfied/,
    mayPass: false,
    advice: ({ constraints }) =>
      `The constraints are ${constraints.join(", ")}. Give a node such a label (docker node update --label-add KEY=VALUE NODE), or change \`swarm.constraints\`.`,
  },
  {
    words: /unsupported platform/,
    mayPass: false,
    advice: () => "Use an image for the architecture of the nodes, or change `platform`.",
  },
  {
    words: /host-mode port already in use|port is already allocated|address already in use/,
    mayPass: true,
    advice: ({ ports }) =>
      `With \`publish: host\`, each server needs a node on which ${ports.join(" and ")} are free. Free the ports (docker service ls, ss -ltnp), lower \`swarm.servers\`, or change \`httpPort\` and \`httpsPort\`.`,
  },
  {
    words: /not available for new tasks/,
    mayPass: true,
    advice: () =>
      "A node is down, paused or drained (docker node ls): start it, or run docker node update --availability active NODE.",
  },
  {
    words: /insufficient resources/,
    mayPass: true,
    advice: () =>
      "Other services have reserved the memory or the CPUs of the nodes: add a node, or lower their reservations.",
  },
  {
    words: /no such image|pull access denied|manifest unknown|not found: manifest/i,
    mayPass: true,
    advice: () =>
      "The node cannot pull the image: check `authentikImage`, the login of the registry (`registryUsername`, `registryPassword`), and that the node reaches the registry.",
  },
];

/** What to do about Docker's words. */
export function adviceFor(words: string, service: Pick<ServiceState, "constraints" | "ports">): string {
  const known = reasons.filter((reason) => reason.words.test(words));
  return known.map(({ advice }) => advice(service)).join(" ");
}

const patienceSeconds = 30;
/** An old task may need its whole grace period to stop, and a node a minute to come back. */
const longPatienceSeconds = 150;

/** Remembers since when a service has had tasks without a node, and says when to give up. */
export class WithoutNode {
  #since: { reason: string; at: number } | undefined;

  /** Why no node takes the tasks. Undefined while that may change by itself. */
  failure(tasks: readonly Task[], now = Date.now()): string | undefined {
    const waiting = tasks.find(
      ({ state, wanted, node, error }) =>
        state === "pending" && wanted === "running" && node === "" && error !== undefined,
    );
    if (waiting?.error === undefined) {
      this.#since = undefined;
      return undefined;
    }
    const reason = waiting.error;
    if (this.#since?.reason !== reason) this.#since = { reason, at: now };
    const isFinal = reasons.some(({ words, mayPass }) => !mayPass && words.test(reason)) && !mayPass(reason);
    const patience = isFinal ? patienceSeconds : longPatienceSeconds;
    return now - this.#since.at >= patience * 1000 ? reason : undefined;
  }
}

/** With several reasons, one of the nodes may become free. */
function mayPass(reason: string): boolean {
  return reasons.some(({ words, mayPass }) => mayPass && words.test(reason));
}
