import { z } from "zod";
import { inWords } from "../../providers/core/words";
import { json } from "./forms";
import { type Mistake, mistakesOfForm } from "./mistakes";
import type { Subnets } from "./subnets";

const number = "must be a number of replicas, from 1 to 100";
const replicas = z.int(number).min(1, number).max(100, number);
const constraint = 'must be a list of placement constraints, e.g. ["node.labels.sso==true"]';
const label = 'must be a list of node labels, e.g. ["node.labels.zone"]';

const swarmForm = z.strictObject(
  {
    servers: json(replicas.default(2)),
    workers: json(replicas.default(2)),
    publish: z.enum(["ingress", "host"], "must be ingress or host").default("ingress"),
    constraints: z
      .array(z.string(constraint).regex(/^(node|engine)\.[\w.-]+\s*[!=]=\s*\S.*$/, constraint), constraint)
      .default([]),
    spread: z.array(z.string(label).regex(/^(node|engine)\.[\w.-]+$/, label), label).default([]),
  },
  "must be an object, e.g. { servers: 2, workers: 2 }",
);

/** Options of a stack on a Docker Swarm. */
export type SwarmOptions = Partial<Swarm>;
/** The same options with their defaults. */
export type Swarm = z.output<typeof swarmForm>;

/** The config key. Pulumi requires a default for it: an empty object means one Docker host. */
export const swarm = () =>
  json(
    z
      .preprocess((value) => (JSON.stringify(value) === "{}" ? undefined : value), swarmForm.optional())
      .transform((value): Swarm | Record<string, never> => value ?? {}),
  );

/** Whether the config key has a swarm. */
export function isSwarm(value: Swarm | Record<string, never>): value is Swarm {
  return "servers" in value;
}

/** The options of a stack that a swarm restricts. */
interface Restricted {
  readonly apiUrl?: string | undefined;
  readonly redis: boolean;
  readonly bindAddress: string;
  readonly httpBindAddress?: string | undefined;
  readonly externalDatabase?: object | undefined;
  readonly databaseVolume?: string | undefined;
  readonly protectData?: boolean | undefined;
  readonly mounts?: readonly { readonly source: string; readonly shared?: boolean | undefined }[] | undefined;
  readonly docker?: { readonly subnets?: Subnets | undefined; readonly swarm?: unknown } | undefined;
}

/** The options of the swarm, and what cannot work in one. Undefined for one Docker host. */
export function resolveSwarm(options: Restricted): { swarm: Swarm | undefined; mistakes: Mistake[] } {
  const given = options.docker?.swarm;
  if (given === undefined) return { swarm: undefined, mistakes: [] };
  const { data, error } = swarmForm.safeParse(given, inWords);
  const ofForm = mistakesOfForm(error).map(({ path, message }) => ({
    path: path ? `docker.swarm.${path}` : "docker.swarm",
    message,
  }));
  return { swarm: data, mistakes: [...ofForm, ...impossible(options, data)] };
}

function impossible(options: Restricted, swarm: Swarm | undefined): Mistake[] {
  const local = (options.mounts ?? []).filter(({ shared }) => !shared).map(({ source }) => source);
  const rules: readonly [boolean, string, string][] = [
    [
      options.externalDatabase === undefined,
      "externalDatabase",
      "is missing: the database of a swarm must be outside of it, because a volume stays on its node",
    ],
    [
      options.redis,
      "redis",
      "is on, but a swarm has no node that keeps its volume. Set it to false (authentik 2025.10 and later need no redis)",
    ],
    [
      options.bindAddress !== "0.0.0.0",
      "bindAddress",
      `is ${options.bindAddress}, but a swarm publishes its ports on every address of a node. Remove it, and use a firewall`,
    ],
    [
      options.httpBindAddress !== undefined,
      "httpBindAddress",
      `is ${options.httpBindAddress}, but a swarm publishes its ports on every address of a node. Remove it, and use a firewall`,
    ],
    [
      options.databaseVolume !== undefined,
      "databaseVolume",
      "has no effect in a swarm, because the database is outside: remove it",
    ],
    [
      options.protectData === true,
      "protectData",
      "has no effect in a swarm, because the database is outside: remove it",
    ],
    [
      options.docker?.subnets?.backend !== undefined,
      "docker.subnets",
      "has a subnet for `backend`, but a swarm does not have that network: remove it",
    ],
    [
      local.length > 0,
      "mounts",
      `has ${local.join(", ")}, but every node needs the same files. Mount a shared file system there on each node, and set shared: true`,
    ],
    [
      swarm?.publish === "host" && options.apiUrl === undefined,
      "apiUrl",
      "is missing: with `publish: host`, only nodes with a server answer. Set the plain http address of your load balancer, e.g. http://auth.example.com:9000",
    ],
  ];
  return rules.filter(([applies]) => applies).map(([, path, message]) => ({ path, message }));
}
