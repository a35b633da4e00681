import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { messageOf, UserError } from "../core/errors";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { isAsSaid, isOlder } from "../core/versions";
import { waitUntilDone } from "../core/waiting";
import { type DockerEndpoint, dockerEndpoint } from "../docker/endpoint";
import type { ReadinessArgs } from "./args/readiness";
import type { AuthentikClient } from "./client";
import { authentikConnection, connectAuthentik } from "./connection";
import { RefusedError } from "./errors";
import { causeInLogs } from "./serverLog";
import { authentikVersions } from "./versions";

const inputs = z.object({
  authentik: authentikConnection,
  /** Maximum wait. 0 is for a server that must be ready already: every failure is then reported immediately. */
  waitSeconds: z.int().min(0).max(3600).default(0),
  /** Ids of the containers that run the server. If one changes, the resource waits again. */
  runsOn: z.array(z.string()).default([]),
  /**
   * authentik's version in the configuration or the image's tag, or empty. The server's own version is compared with
   * it.
   */
  expectedVersion: z.string().optional(),
  /** The Docker host of these containers. Their logs show why authentik does not start. */
  docker: dockerEndpoint.optional(),
  /** `false` if authentik has no bootstrap values, so the token must be in its database already. */
  bootstraps: z.boolean().optional(),
});

type Inputs = z.output<typeof inputs>;

interface Remote {
  readonly version: string;
}

/** Measured: the server refuses a token for up to 45 s after it reports itself ready. */
const tokenGraceMilliseconds = 180_000;
/** The server accepts a token in its database as soon as it is ready. */
const knownTokenGraceMilliseconds = 3_000;

export const readinessDefinition: ResourceDefinition<typeof inputs, Remote, Remote, AuthentikClient> = {
  type: "authentik:Readiness",
  title: "authentik readiness",
  inputs,
  ownership: nothingToOwn,
  comparedOnceRecorded: ["expectedVersion"],
  notCompared: ["docker", "bootstraps"],
  replaceOn: [],
  secrets: [],
  id: ({ authentik }) => authentik.url,
  connect: ({ authentik }, credentials) => connectAuthentik(authentik, credentials),
  find: async () => undefined,
  create: readyAsSaid,
  read: async (_client, state) => state,
  update: (client, _current, wanted) => readyAsSaid(client, wanted),
  delete: async () => {},
  observe: () => ({}),
  outputs: ({ version }) => ({ version }),
};

async function readyAsSaid(client: AuthentikClient, wanted: Inputs): Promise<Remote> {
  const { version } = await ready(client, wanted);
  const { expectedVersion: said } = wanted;
  if (said && !isAsSaid(version, said)) {
    console.log(
      `This is authentik ${version}, but the configuration or the image's tag says ${said}, and the preview checks options against that. ` +
        `Set the version there to ${version}.`,
    );
  }
  return { version };
}

async function ready(
  client: AuthentikClient,
  { waitSeconds, runsOn, docker, bootstraps = true }: Inputs,
): Promise<Remote> {
  const lookInLogs = docker && logsAfter(docker, runsOn);
  let version = "";
  let refusedSince: number | undefined;
  const flowsSeen: { at?: number } = {};
  const awaited = async (): Promise<string | undefined> => {
    if (waitSeconds > 0 && !(await client.isUp())) return "its health endpoint does not report ready yet";
    try {
      version = await client.version();
      refusedSince = undefined;
      // An existing server may lack default objects. Resources that need a missing one report it.
      return waitSeconds > 0 ? await awaitedDefaults(client, flowsSeen) : undefined;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (error instanceof RefusedError) {
        refusedSince ??= Date.now();
        if (!bootstraps && Date.now() - refusedSince > knownTokenGraceMilliseconds) throw cannotBegin(error);
        if (Date.now() - refusedSince > tokenGraceMilliseconds) throw error;
        if (waitSeconds > 0) return "it does not accept the API token yet, which its worker creates";
      }
      return messageOf(error);
    }
  };
  await waitUntilDone("authentik is not ready", waitSeconds, async () => {
    const reason = await awaited();
    const cause = reason === undefined ? undefined : await lookInLogs?.();
    if (cause?.isFinal) throw new UserError(`authentik does not start: ${cause.said}`);
    return cause ? `${reason}; ${cause.said}` : reason;
  });
  if (isOlder(version, authentikVersions.oldest)) {
    throw new UserError(
      `this is authentik ${version}, and 2024.12 is the oldest supported version. Upgrade it.`,
    );
  }
  return { version };
}

/** An external database is known to be empty only now. */
function cannotBegin(refused: RefusedError): UserError {
  return new UserError(
    "this authentik does not know the API token, and without bootstrap values it creates none. " +
      "If its database is empty, anybody can set it up. Set `authentikBootstrap` to true and run npm run credentials, or restore a backup. " +
      `If the database is not empty, the token is wrong: ${refused.message}`,
  );
}

const logsEveryMilliseconds = 10_000;
/** The containers start before this resource does. */
const logsBeforeMilliseconds = 30_000;

/** Reads the logs at intervals, and repeats the last result in between. */
function logsAfter(docker: DockerEndpoint, containers: readonly string[]) {
  const since = new Date(Date.now() - logsBeforeMilliseconds);
  let found: ReturnType<typeof causeInLogs> | undefined;
  let at = 0;
  return () => {
    if (found === undefined || Date.now() - at > logsEveryMilliseconds) {
      at = Date.now();
      found = causeInLogs(docker, containers, since);
    }
    return found;
  };
}

/** Measured: the worker creates the brand last, 20 to 45 s after the first flow. */
const brandGraceMilliseconds = 180_000;

/**
 * The objects that the worker has not created yet. It creates the default brand last. If the brand exists, or flows
 * have existed for a while, somebody has deleted or renamed the missing objects. Waiting does not help then.
 */
async function awaitedDefaults(
  client: AuthentikClient,
  flowsSeen: { at?: number },
): Promise<string | undefined> {
  if ((await client.brands.all()).length > 0) return undefined;
  if ((await client.flows.all()).length === 0) return "its worker has not created the default flows yet";
  flowsSeen.at ??= Date.now();
  return Date.now() - flowsSeen.at > brandGraceMilliseconds
    ? undefined
    : "its worker has not created the default brand yet";
}

export type { ReadinessArgs };

/**
 * Waits until authentik accepts the token. For authentik on Docker, also waits until its worker has created the
 * default objects.
 */
export class Readiness extends DefinedResource<typeof inputs, ReadinessArgs> {
  /** authentik's version, e.g. `2026.8.7`. */
  declare readonly version: pulumi.Output<string>;

  constructor(name: string, args: ReadinessArgs, options?: pulumi.CustomResourceOptions) {
    super(readinessDefinition, ["version"], name, args, options);
  }
}
