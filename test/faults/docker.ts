import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { defaultImages } from "../../components/images";
import { DockerLab, engineSocket } from "../e2e/docker-lab";
import { RunningPulumi } from "../engine/processes";
import type { Stack } from "../engine/stack";
import { runAgain } from "./again";
import { DockerWire } from "./docker-wire";

type Verb = "up" | "destroy";

/** What is killed: everything on the machine except Docker, or only Pulumi's CLI. */
const victims = ["everything", "the CLI"] as const;

export interface Killing {
  readonly verb: Verb;
  readonly victim: (typeof victims)[number];
  /** The number of the change in the run. */
  readonly k: number;
  /** Whether Docker makes the change. */
  readonly acts: boolean;
}

export interface DockerResult extends Killing {
  readonly request: string;
  readonly cancelled: boolean;
  readonly problems: string[];
}

/** A stack on Docker, and what it has created. */
export interface Place {
  readonly stack: Stack;
  /** The objects in Docker and on Proxmox. For objects of others, whether they are unchanged. */
  look(): Promise<unknown>;
  /** The options of the run after a killed one. */
  readonly again?: Partial<Record<Verb, string[]>>;
}

const limitMs = 300_000;
const stranger = "proxmox-authentik-sso-engine-of-somebody-else";

/**
 * Kills the real Pulumi CLI with SIGKILL at changes that it requests from the real Docker Engine, then runs it
 * again.
 */
export async function killOnDocker(
  every: number,
  done: (result: DockerResult, total: number) => void,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "faults-"));
  const socket = join(folder, "docker.sock");
  const wire = await DockerWire.to(engineSocket(), socket);
  const lab = await DockerLab.start({ socket, limitMs });
  try {
    await makeForeignObjects(lab);
    const place = { stack: lab.stack, look: () => look(lab) };
    await killAt(place, wire, (_, index) => index % every === 0, done);
  } finally {
    await removeForeignObjects(lab);
    await lab.remove();
    wire.close();
    await rm(folder, { recursive: true });
  }
}

/** Kills the CLI at the selected changes of an `up` and of a `destroy`. */
export async function killAt(
  place: Place,
  wire: DockerWire,
  isSelected: (one: Killing, index: number) => boolean,
  done: (result: DockerResult, total: number) => void,
): Promise<void> {
  wire.repair();
  await place.stack.up();
  const up = wire.changes;
  const complete = await place.look();
  wire.repair();
  await place.stack.destroy();
  const empty = await place.look();
  const waiting = killings({ up, destroy: wire.changes }).filter(isSelected);
  for (const one of waiting) done(await kill(place, wire, one, { complete, empty }), waiting.length);
}

function killings(changes: Record<Verb, string[]>): Killing[] {
  return (["up", "destroy"] as const).flatMap((verb) =>
    [...changes[verb].keys()].flatMap((index) =>
      [false, true].flatMap((acts) => victims.map((victim) => ({ verb, victim, k: index + 1, acts }))),
    ),
  );
}

async function kill(
  place: Place,
  wire: DockerWire,
  one: Killing,
  { complete, empty }: { complete: unknown; empty: unknown },
): Promise<DockerResult> {
  const { stack } = place;
  const { verb, victim, k, acts } = one;
  if (verb === "destroy") await stack.up();
  wire.breakAt(k, acts);
  const run = stack.start(verb);
  const running = new RunningPulumi(run.pid ?? 0);
  wire.onKill = () => (victim === "everything" ? running.killAll() : running.killCli());
  await once(run, "exit");
  const request = wire.changes[k - 1] ?? "none";
  wire.repair();

  const problems: string[] = [];
  const again = await runAgain(stack, verb, ...(place.again?.[verb] ?? []));
  if (again.code !== 0) problems.push(again.output);
  if (verb === "up") {
    const made = await place.look();
    if (!isDeepStrictEqual(made, complete)) {
      const both = `${JSON.stringify(made)} instead of ${JSON.stringify(complete)}`;
      problems.push(`Docker and Proxmox do not have what an undisturbed up makes: ${both}`);
    }
    if (!again.output.includes("logged in through authentik")) problems.push("no login proved");
    const { code, output } = await stack.attempt("destroy");
    if (code !== 0) problems.push(output);
  }
  if (!isDeepStrictEqual(await place.look(), empty))
    problems.push("destroy leaves something, or touched what is not ours");
  return { ...one, request, cancelled: again.cancelled, problems };
}

async function look(lab: DockerLab): Promise<unknown> {
  const foreign = [
    (await lab.docker.getContainer(stranger).inspect()).Id,
    (await lab.docker.getNetwork(stranger).inspect()).Id,
    Object(await lab.docker.getVolume(stranger).inspect()).CreatedAt,
  ];
  return { ours: await lab.inventory(), onProxmox: await lab.onProxmox(), foreign };
}

async function makeForeignObjects({ docker }: DockerLab): Promise<void> {
  await docker.createVolume({ Name: stranger });
  await docker.createNetwork({ Name: stranger });
  await docker.createContainer({ name: stranger, Image: defaultImages.redis, Cmd: ["sleep", "600"] });
}

async function removeForeignObjects({ docker }: DockerLab): Promise<void> {
  await docker.getContainer(stranger).remove({ force: true });
  await docker.getNetwork(stranger).remove();
  await docker.getVolume(stranger).remove();
}
