import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { type ArgsOf, DefinedResource } from "../core/resource";
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
    })
    .default({}),
});

export type DataVersionsInputs = z.output<typeof inputs>;
type Nothing = Record<never, never>;

export const dataVersionsDefinition: ResourceDefinition<typeof inputs, Nothing, Nothing, undefined> = {
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
    const authentik = whyNotAuthentik(before.authentik, wanted.authentik);
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
  create: async () => ({}),
  read: async () => ({}),
  update: async () => ({}),
  delete: async () => {},
  observe: () => ({}),
  outputs: () => ({}),
};

export type DataVersionsArgs = ArgsOf<typeof inputs>;

/** Remembers which versions the data are of, so that a preview refuses what they cannot go along with. */
export class DataVersions extends DefinedResource<typeof inputs> {
  constructor(name: string, args: DataVersionsArgs, options?: pulumi.CustomResourceOptions) {
    super(dataVersionsDefinition, [], name, args, options);
  }
}
