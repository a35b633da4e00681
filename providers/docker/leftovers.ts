import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { type ArgsOf, DefinedResource } from "../core/resource";
import { dockerEndpoint } from "./endpoint";
import { containersAndNetworks, markLabel, remove } from "./objects";
import { removeSwarmObjects, swarmObjects } from "./swarm/objects";

const inputs = z.object({
  docker: dockerEndpoint,
  /** The ownership mark in the labels of the stack's containers and networks. */
  mark: z.string().min(1),
  /** Whether the stack runs in a swarm, whose manager is `docker`. */
  inSwarm: z.boolean().optional(),
});

type Inputs = z.output<typeof inputs>;
type Nothing = Record<never, never>;

export const leftoversDefinition: ResourceDefinition<typeof inputs, Nothing, Nothing, undefined> = {
  type: "docker:Leftovers",
  title: "leftovers of interrupted runs",
  inputs,
  ownership: nothingToOwn,
  staysWhileDeclared: true,
  replaceOn: [],
  secrets: [],
  id: () => "leftovers",
  connect: () => undefined,
  find: async () => undefined,
  create: async () => ({}),
  read: async () => ({}),
  update: async () => ({}),
  delete: async (_client, { docker, mark, inSwarm }: Inputs) => {
    if (inSwarm) {
      const inIt = (await swarmObjects(docker)).filter(({ labels }) => labels[markLabel] === mark);
      await removeSwarmObjects(docker, inIt);
    }
    const ours = (await containersAndNetworks(docker)).filter(({ labels }) => labels[markLabel] === mark);
    await remove(docker, ours);
  },
  observe: () => ({}),
  outputs: () => ({}),
};

/**
 * At destroy, deletes the containers and networks that an interrupted run created without recording them in the
 * state.
 */
export class Leftovers extends DefinedResource<typeof inputs> {
  constructor(name: string, args: ArgsOf<typeof inputs>, options?: pulumi.CustomResourceOptions) {
    super(leftoversDefinition, [], name, args, options);
  }
}
