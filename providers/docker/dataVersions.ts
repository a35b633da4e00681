import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { type ArgsOf, DefinedResource } from "../core/resource";
import { whyNotAuthentik, whyNotPostgres } from "./upgrades";

const inputs = z.object({
  /** Where the data are: a volume's name, or the address of a database. */
  data: z.string().min(1),
  /** The version of authentik that works on them. */
  authentik: z.string(),
  /** The major version of the PostgreSQL that keeps them, where it is known. */
  postgres: z.int().optional(),
});

type Inputs = z.output<typeof inputs>;
type Nothing = Record<never, never>;

export const dataVersionsDefinition: ResourceDefinition<typeof inputs, Nothing, Nothing, undefined> = {
  type: "docker:DataVersions",
  title: "versions of the data",
  inputs,
  ownership: nothingToOwn,
  replaceOn: [],
  secrets: [],
  id: ({ data }: Inputs) => data,
  connect: () => undefined,

  validateChange(before, wanted) {
    if (before.data !== wanted.data) return [];
    const authentik = whyNotAuthentik(before.authentik, wanted.authentik);
    const postgres =
      before.postgres && wanted.postgres ? whyNotPostgres(before.postgres, wanted.postgres) : undefined;
    return [
      ...(authentik ? [{ property: "authentik" as const, reason: authentik }] : []),
      ...(postgres ? [{ property: "postgres" as const, reason: postgres }] : []),
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
