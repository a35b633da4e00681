import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { nothingToOwn } from "../core/ownership";
import { type ArgsOf, DefinedResource } from "../core/resource";
import { isOlder } from "../core/versions";
import { dockerEndpoint } from "./endpoint";
import { migrationsIn } from "./migrations";
import { whyNotAuthentik, whyNotFlavour, whyNotPostgres } from "./upgrades";

const flavour = z.enum(["alpine", "Debian"]);

const inputs = z.object({
  /** Where the data are: a volume's name, or the address of a database. */
  data: z.string().min(1),
  /** The version of authentik that works on them. */
  authentik: z.string(),
  /** The major version of the PostgreSQL that keeps them, where it is known. */
  postgres: z.int().optional(),
  /** What the state says of the data besides. */
  known: z
    .object({
      /** The system below the PostgreSQL that kept them so far, and below the one that is to. */
      flavourBefore: flavour.optional(),
      flavour: flavour.optional(),
      /** Why an empty database cannot begin, where one would. */
      cannotBegin: z.string().optional(),
      /** The version of authentik that worked on them last, in the server's own words. */
      ran: z.string().optional(),
      /** Whether they are in a database that the stack does not run, and cannot look into. */
      isExternal: z.boolean().optional(),
      /** The container of the stack's own database, while it has one. */
      database: z.object({ docker: dockerEndpoint, container: z.string() }).optional(),
    })
    .default({}),
});

export type DataVersionsInputs = z.output<typeof inputs>;

interface Outputs {
  /** When these data became the stack's: a server that answered before worked on others. */
  readonly begun?: string | undefined;
  /** The database's migrations while this version worked on it, as counted before a change of the image. */
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
    const authentik = isSame ? undefined : whyNotAuthentik(ran, wanted.authentik);
    const { flavourBefore = before.known.flavour, flavour } = wanted.known;
    const flavours = flavourBefore && flavour ? whyNotFlavour(flavourBefore, flavour) : undefined;
    const postgres =
      before.postgres && wanted.postgres ? whyNotPostgres(before.postgres, wanted.postgres) : undefined;
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

/** Without what is not known, which would be drift. */
function remembered({ begun, counted }: Partial<Outputs>): Outputs {
  return { ...(begun && { begun }), ...(counted && { counted }) };
}

/** The count of before the first change of the image, or that of now, while the version that ran still does. */
async function countedFor(
  current: DataVersionsInputs & Outputs,
  { known: { ran, database } }: DataVersionsInputs,
): Promise<Outputs["counted"]> {
  if (current.counted !== undefined && current.counted.ran === ran) return current.counted;
  // An image that has been tried since may have changed the database.
  if (ran === undefined || database === undefined || isOlder(ran, current.authentik)) return undefined;
  const migrations = await migrationsIn(database);
  return migrations === undefined ? undefined : { ran, migrations };
}

/** An image may be set back as long as its server has changed nothing in the database. */
async function refuseMigrated(
  { authentik }: DataVersionsInputs,
  wanted: DataVersionsInputs,
  counted: Outputs["counted"],
): Promise<void> {
  const { database, isExternal } = wanted.known;
  if (isExternal) {
    console.log(
      `authentik ${authentik} never became ready. If it has changed the database ${wanted.data} all the same, restore a backup of before.`,
    );
    return;
  }
  const now = database && (await migrationsIn(database));
  if (counted !== undefined && now === counted.migrations) return;
  const why =
    counted === undefined || now === undefined
      ? `whether authentik ${authentik} has changed the database cannot be seen`
      : `authentik ${authentik} has begun to change the database`;
  throw new UserError(
    `${why}, so that ${wanted.authentik} may not work on it. Set the image to a later patch of ${authentik}; or begin an empty database ` +
      "(`databaseVolume` with another name) and restore into it a backup that was made before, as docs/backup.md says.",
  );
}

export type DataVersionsArgs = ArgsOf<typeof inputs>;

/** Remembers which versions the data are of, so that a preview refuses what they cannot go along with. */
export class DataVersions extends DefinedResource<typeof inputs> {
  constructor(name: string, args: DataVersionsArgs, options?: pulumi.CustomResourceOptions) {
    super(dataVersionsDefinition, ["begun", "counted"], name, args, options);
  }
}
