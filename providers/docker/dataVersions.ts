import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { nothingToOwn } from "../core/ownership";
import { type ArgsOf, DefinedResource } from "../core/resource";
import { isOlder } from "../core/versions";
import { dockerEndpoint } from "./endpoint";
import { migrationsIn } from "./migrations";
import {
  problemWithAuthentikUpgrade,
  problemWithPostgresFlavour,
  problemWithPostgresUpgrade,
} from "./upgrades";

const flavour = z.enum(["alpine", "Debian"]);

const inputs = z.object({
  /** Location of the data: a volume's name, or the address of a database. */
  data: z.string().min(1),
  /** The version of authentik that uses the data. */
  authentik: z.string(),
  /** The major version of PostgreSQL, if known. */
  postgres: z.int().optional(),
  /** What the state records about the data. */
  known: z
    .object({
      /** The base system of the current and of the next PostgreSQL image. */
      flavourBefore: flavour.optional(),
      flavour: flavour.optional(),
      /** Why the stack refuses to start with an empty database, if it would. */
      cannotBegin: z.string().optional(),
      /** The version of authentik that last used the data, as the server reported it. */
      ran: z.string().optional(),
      /** Whether the database is external, so the stack cannot query it. */
      isExternal: z.boolean().optional(),
      /** The container of the stack's own database, if it exists. */
      database: z.object({ docker: dockerEndpoint, container: z.string() }).optional(),
    })
    .default({}),
});

export type DataVersionsInputs = z.output<typeof inputs>;

interface Outputs {
  /** Time at which the stack started to use these data. Servers that answered earlier used other data. */
  readonly begun?: string | undefined;
  /** The number of migrations in the database under this version, counted before the image changed. */
  readonly counted?: { readonly ran: string; readonly migrations: number } | undefined;
}

export const dataVersionsDefinition: ResourceDefinition<typeof inputs, Outputs, Outputs, undefined> = {
  type: "docker:DataVersions",
  title: "versions of the data",
  inputs,
  ownership: nothingToOwn,
  replaceOn: [],
  notCompared: ["known"],
  secrets: [],
  id: ({ data }: DataVersionsInputs) => data,
  connect: () => undefined,

  validate({ known }) {
    return known.cannotBegin === undefined ? [] : [{ property: "data", reason: known.cannotBegin }];
  },

  validateChange(before, wanted) {
    if (before.data !== wanted.data) return [];
    const { ran = before.authentik } = wanted.known;
    const isSame = before.authentik === wanted.authentik;
    const authentik = isSame ? undefined : problemWithAuthentikUpgrade(ran, wanted.authentik);
    const { flavourBefore = before.known.flavour, flavour } = wanted.known;
    const flavours =
      flavourBefore && flavour ? problemWithPostgresFlavour(flavourBefore, flavour) : undefined;
    const postgres =
      before.postgres && wanted.postgres
        ? problemWithPostgresUpgrade(before.postgres, wanted.postgres)
        : undefined;
    return [
      ...(authentik ? [{ property: "authentik" as const, reason: authentik }] : []),
      ...(postgres ? [{ property: "postgres" as const, reason: postgres }] : []),
      ...(flavours && !postgres ? [{ property: "postgres" as const, reason: flavours }] : []),
    ];
  },

  find: async () => undefined,
  create: async () => ({ begun: new Date().toISOString() }),
  read: async (_client, state) => remembered(state),

  async update(_client, current, wanted) {
    if (current.data !== wanted.data) return { begun: new Date().toISOString() };
    const counted = await countedFor(current, wanted);
    if (isOlder(wanted.authentik, current.authentik)) await refuseMigrated(current, wanted, counted);
    return remembered({ ...current, counted });
  },

  delete: async () => {},
  observe: () => ({}),
  outputs: remembered,
};

/** Omits unknown values, which would show as drift. */
function remembered({ begun, counted }: Partial<Outputs>): Outputs {
  return { ...(begun && { begun }), ...(counted && { counted }) };
}

/** The count from before the first image change, or a new count while the same version still runs. */
async function countedFor(
  current: DataVersionsInputs & Outputs,
  { known: { ran, database } }: DataVersionsInputs,
): Promise<Outputs["counted"]> {
  if (current.counted !== undefined && current.counted.ran === ran) return current.counted;
  // Another image that was tried since may have changed the database.
  if (ran === undefined || database === undefined || isOlder(ran, current.authentik)) return undefined;
  const migrations = await migrationsIn(database);
  return migrations === undefined ? undefined : { ran, migrations };
}

/** Allows a downgrade only if the newer server has applied no migrations. */
async function refuseMigrated(
  { authentik }: DataVersionsInputs,
  wanted: DataVersionsInputs,
  counted: Outputs["counted"],
): Promise<void> {
  const { database, isExternal } = wanted.known;
  if (isExternal) {
    console.log(
      `authentik ${authentik} never became ready. If it has changed the database ${wanted.data}, restore an earlier backup.`,
    );
    return;
  }
  const now = database && (await migrationsIn(database));
  if (counted !== undefined && now === counted.migrations) return;
  const why =
    counted === undefined || now === undefined
      ? `whether authentik ${authentik} has changed the database is unknown`
      : `authentik ${authentik} has begun to change the database`;
  throw new UserError(
    `${why}, so ${wanted.authentik} may not work on it. Set the image to a later patch of ${authentik}. Or restore an earlier backup into an empty database ` +
      "(`databaseVolume` with another name), as docs/backup.md describes.",
  );
}

export type DataVersionsArgs = ArgsOf<typeof inputs>;

/** Remembers the versions that wrote the data, so a preview can refuse incompatible ones. */
export class DataVersions extends DefinedResource<typeof inputs> {
  constructor(name: string, args: DataVersionsArgs, options?: pulumi.CustomResourceOptions) {
    super(dataVersionsDefinition, ["begun", "counted"], name, args, options);
  }
}
