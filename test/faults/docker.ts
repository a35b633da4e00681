import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { defaultImages } from "../../components/images";
import { DockerLab, engineSocket } from "../e2e/docker-lab";
import { RunningPulumi } from "../engine/processes";
import { runAgain } from "./again";
import { DockerWire } from "./docker-wire";

type Verb = "up" | "destroy";

/** What is killed: everything on the machine except Docker, or only Pulumi's CLI. */
const victims = ["everything", "the CLI"] as const;

interface Killing {
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
    await lab.stack.up();
    const up = wire.changes;
    const complete = await look(lab);
    wire.repair();
    await lab.stack.destroy();
    const empty = await look(lab);
    const waiting = killings({ up, destroy: wire.changes }).filter((_, index) => index % every === 0);
    for (const one of waiting) done(await kill(lab, wire, one, { complete, empty }), waiting.length);
  } finally {
    await removeForeignObjects(lab);
    await lab.remove();
    wire.close();
    await rm(folder, { recursive: true });
  }
}

function killings(changes: Record<Verb, string[]>): Killing[] {
  return (["up", "destroy"] as const).flatMap((verb) =>
    [...changes[verb].keys()].flatMap((index) =>
      [false, true].flatMap((acts) => victims.map((victim) => ({ verb, victim, k: index + 1, acts }))),
    ),
  );
}

async function kill(
  lab: DockerLab,
  wire: DockerWire,
  one: Killing,
  { complete, empty }: { complete: unknown; empty: unknown },
): Promise<DockerResult> {
  const { stack } = lab;
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
  const again = await runAgain(stack, verb);
  if (again.code !== 0) problems.push(again.output);
  if (verb === "up") {
    if (!isDeepStrictEqual(await look(lab), complete))
      problems.push("Docker and Proxmox do not have what an undisturbed up makes");
    if (!again.output.includes("logged in through authentik")) problems.push("no login proved");
    const { code, output } = await stack.attempt("destroy");
    if (code !== 0) problems.push(output);
  }
  if (!isDeepStrictEqual(await look(lab), empty))
    problems.push("destroy leaves something, or touched what is not ours");
  return { ...one, request, cancelled: again.cancelled, problems };
}

/** The objects in Docker and on Proxmox. For objects of others, whether they are unchanged. */
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
