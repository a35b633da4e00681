import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { causeInLogs } from "../../authentik/serverLog";
import type { ResourceDefinition } from "../../core/definition";
import { UserError } from "../../core/errors";
import { nothingToOwn } from "../../core/ownership";
import { type ArgsOf, DefinedResource } from "../../core/resource";
import { waitUntilDone } from "../../core/waiting";
import { dockerEndpoint } from "../endpoint";
import { logLinesOf } from "../logs";
import { adviceFor, WithoutNode } from "./reasons";
import { type ServiceState, serviceState, type Task } from "./tasks";

const inputs = z.object({
  /** A manager of the swarm. */
  docker: dockerEndpoint,
  /** Name of the service. */
  service: z.string().min(1),
  /** Hash of the settings of its tasks. */
  spec: z.string().min(1),
  replicas: z.int().min(1),
  /** Maximum wait. */
  waitSeconds: z.int().min(1).max(3600),
});

type Inputs = z.output<typeof inputs>;
type Nothing = Record<never, never>;

export const rolloutDefinition: ResourceDefinition<typeof inputs, Nothing, Nothing, undefined> = {
  type: "docker:Rollout",
  title: "rollout of a swarm's service",
  inputs,
  ownership: nothingToOwn,
  replaceOn: ["service"],
  notCompared: ["docker", "waitSeconds"],
  secrets: [],
  id: ({ service }) => service,
  connect: () => undefined,
  find: async () => undefined,
  create: async (_client, wanted) => rolledOut(wanted),
  read: async () => ({}),
  update: async (_client, _current, wanted) => rolledOut(wanted),
  delete: async () => {},
  observe: () => ({}),
  outputs: () => ({}),
};

const logsBeforeMilliseconds = 30_000;
const logsEveryMilliseconds = 10_000;

/** Waits until every task runs with the wanted settings. Docker's own answer comes before that. */
async function rolledOut(wanted: Inputs): Promise<Nothing> {
  const { docker, service, waitSeconds } = wanted;
  const log = logOf(wanted);
  const withoutNode = new WithoutNode();
  /** Tasks that ended before the first look, perhaps in an earlier attempt. */
  let before: ReadonlySet<string> | undefined;
  await waitUntilDone(`The service ${service} does not run as declared`, waitSeconds, async () => {
    const all = await serviceState(docker, service);
    before ??= new Set(all.tasks.filter(hasEnded).map(({ id }) => id));
    const failure = whyFailed(all, wanted, before);
    if (failure !== undefined) {
      const said = (await log.cause())?.replace(/^its/, "Its") ?? (await log.end());
      throw new UserError(`${failure} ${said}`.trim());
    }
    const state = { ...all, tasks: all.tasks.filter(({ id }) => !before?.has(id)) };
    const awaited = whatIsMissing(state, wanted);
    if (awaited === undefined) return undefined;
    const ofWanted = state.tasks.filter(({ spec }) => spec === wanted.spec);
    const refused = withoutNode.failure(ofWanted);
    if (refused !== undefined) {
      throw new UserError(
        `The service ${service} has tasks that no node takes (${awaited}). ${adviceFor(refused, all)} Then run pulumi up again.`,
      );
    }
    const cause = await log.cause();
    // During an update, Docker rolls back.
    if (cause !== undefined && !isUpdating(all) && ofWanted.some(hasEnded)) {
      throw new UserError(`The service ${service} does not start: ${cause}`);
    }
    return [awaited, cause].filter(Boolean).join("; ");
  });
  return {};
}

/** The service's log since the rollout began. */
function logOf({ docker, service }: Inputs) {
  const since = new Date(Date.now() - logsBeforeMilliseconds);
  let at = 0;
  let found: string | undefined;
  return {
    /** The known cause of a failed start in the log. */
    async cause(): Promise<string | undefined> {
      if (Date.now() - at < logsEveryMilliseconds) return found;
      at = Date.now();
      found = (await causeInLogs(docker, [service], since, "services"))?.said;
      return found;
    },
    async end(): Promise<string> {
      const lines = await logLinesOf(docker, service, since, "services").catch(() => []);
      const last = lines.findLast((line) => line.trim() !== "");
      return last ? `Its log ends with: ${last.trim().slice(0, longestQuote)}` : "";
    },
  };
}

const longestQuote = 300;

/** A task that cannot start fails quickly: Docker tries again every few seconds. */
const failuresAtStart = 4;

/**
 * Why the service does not get the wanted settings by itself. Undefined while it may.
 * @param before tasks that had ended before. They do not count as failed starts. Their error is quoted, because a
 * rollback can be over before the first look.
 */
export function whyFailed(
  state: ServiceState,
  { service, spec }: Pick<Inputs, "service" | "spec">,
  before: ReadonlySet<string> = new Set(),
): string | undefined {
  const { update = "" } = state;
  const failed = state.tasks.filter((task) => task.spec === spec && task.error !== undefined);
  const { node, error = "" } = failed[0] ?? {};
  const reason = failed[0] ? `On ${node || "no node"}, Docker says: ${error}. ` : "";
  const again = `${adviceFor(error, state) || "Fix the cause."} Then run pulumi up again.`;
  if (state.spec !== spec) {
    return `The service ${service} was rolled back to its previous settings and continues with them: ${state.updateMessage ?? "its settings are not the declared ones"}. ${reason}${again}`;
  }
  if (/paused$/.test(update)) {
    return `The update of the service ${service} stopped: ${state.updateMessage ?? update}. ${reason}${again}`;
  }
  if (isUpdating(state)) return undefined;
  const isRunning = (slot: number) =>
    state.tasks.some((task) => task.slot === slot && task.state === "running" && task.spec === spec);
  const ended = failed.filter(
    (task) => hasEnded(task) && !before.has(task.id) && !isRunning(task.slot) && task.isReachable,
  );
  const attempts = Math.max(0, ...ended.map(({ slot }) => ended.filter((one) => one.slot === slot).length));
  return attempts >= failuresAtStart
    ? `The service ${service} does not start: its tasks failed ${attempts} times. ${reason}${again}`
    : undefined;
}

/** Docker still replaces tasks, or rolls back. */
function isUpdating({ update = "" }: Pick<ServiceState, "update">): boolean {
  return /(updating|_started)$/.test(update);
}

function hasEnded({ state }: Task): boolean {
  return /^(failed|rejected|shutdown|complete|orphaned|remove)$/.test(state);
}

/** What the service still lacks. Undefined if every replica runs with the wanted settings. */
export function whatIsMissing(
  state: ServiceState,
  { spec, replicas }: Pick<Inputs, "spec" | "replicas">,
): string | undefined {
  const current = state.tasks.filter(({ wanted, isReachable }) => wanted === "running" && isReachable);
  const running = current.filter((task) => task.state === "running" && task.spec === spec);
  const stopping = state.tasks.filter(
    (task) => task.spec !== spec && task.state === "running" && task.isReachable,
  );
  if (
    !isUpdating(state) &&
    running.length === replicas &&
    current.length === replicas &&
    stopping.length === 0
  ) {
    return undefined;
  }
  const others = current.filter((task) => task.spec === spec && task.state !== "running");
  const places = others.map(({ node, state, error }) =>
    [node && `on ${node}`, state, error && `(${error})`].filter(Boolean).join(" "),
  );
  const last = state.tasks.find((task) => task.spec === spec && task.error)?.error;
  return [
    `${running.length} of ${replicas} tasks run`,
    ...places,
    ...(isUpdating(state) ? ["Docker has not finished the update"] : []),
    ...(stopping.length > 0 ? [`${stopping.length} with the previous settings still run`] : []),
    ...(last && places.every((place) => !place.includes(last)) ? [`the last failure: ${last}`] : []),
  ].join(", ");
}

/** Waits for a service of the swarm, with progress, and reports the error of a failed task. */
export class Rollout extends DefinedResource<typeof inputs> {
  constructor(name: string, args: ArgsOf<typeof inputs>, options?: pulumi.CustomResourceOptions) {
    super(rolloutDefinition, [], name, args, options);
  }
}
