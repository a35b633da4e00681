import { z } from "zod";
import { Claims } from "../../../../providers/core/claims";
import { credentialKey } from "../../../../providers/core/credentials";
import type { ResourceDefinition } from "../../../../providers/core/definition";
import { NotFoundError, OutcomeUnknownError, RejectedError } from "../../../../providers/core/errors";
import { DefinedProvider } from "../../../../providers/core/provider";

/** An object of the simulated server. */
export interface Box {
  pk: number;
  name: string;
  size: number;
  note: string | undefined;
  marker: string;
}

const inputs = z.object({
  name: z.string().min(1, "must not be empty"),
  size: z.int("must be a whole number").default(1),
  note: z.string().optional(),
  /** Proves that a box belongs to the stack. */
  marker: z.string(),
  password: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  adopt: z.boolean().default(false),
});

/** A server in memory that stores boxes by name, and can fail on request. */
export class BoxServer {
  readonly boxes = new Map<string, Box>();
  readonly calls: string[] = [];
  /** Runs before each write. If it throws, the write fails. */
  beforeWrite: (verb: string) => void = () => {};
  /** Whether a create that fails has stored the object. */
  createsBeforeFailing = false;
  ignoresNotes = false;
  #nextPk = 1;

  make(box: Partial<Box> & { name: string }): Box {
    const made = { pk: this.#nextPk++, size: 1, note: undefined, marker: "", ...box };
    this.boxes.set(made.name, made);
    return made;
  }
}

/** A small definition for this server, with every feature that the core uses. */
export function boxDefinition(server: BoxServer) {
  const definition: ResourceDefinition<typeof inputs, Box, { pk: number }, BoxServer> = {
    type: "test:Box",
    title: "test box",
    inputs,
    validate: ({ name, note }) =>
      name === note ? [{ property: "note", reason: "must differ from the name" }] : [],
    ownership: {
      keys: ({ name }) => [name],
      matches: (box, { pk }) => box.pk === pk,
    },
    replaceOn: ["name"],
    secrets: ["password"],
    id: ({ name }) => name,
    connect(_inputs, credentials) {
      credentials.require("boxToken");
      return server;
    },
    async find(_client, wanted) {
      const box = server.boxes.get(wanted.name);
      return (
        box && { remote: { ...box }, ours: box.marker === wanted.marker, description: `A box "${box.name}"` }
      );
    },
    async create(_client, wanted) {
      server.calls.push("create");
      const make = () =>
        server.make({
          name: wanted.name,
          size: wanted.size,
          marker: wanted.marker,
          note: server.ignoresNotes ? undefined : wanted.note,
        });
      if (server.createsBeforeFailing) make();
      server.beforeWrite("create");
      return { ...make() };
    },
    async read(_client, state) {
      const box = server.boxes.get(state.name);
      return box && { ...box };
    },
    async update(_client, current, wanted, changed) {
      server.calls.push(`update ${[...changed].sort().join(",")}`);
      server.beforeWrite("update");
      const box = [...server.boxes.values()].find(({ pk }) => pk === current.pk);
      if (box === undefined) throw new NotFoundError("no such box");
      if (changed.has("size")) box.size = wanted.size;
      if (changed.has("note") && !server.ignoresNotes) box.note = wanted.note;
      if (changed.has("marker")) box.marker = wanted.marker;
      return { ...box };
    },
    async delete(_client, state) {
      server.calls.push("delete");
      server.beforeWrite("delete");
      server.boxes.delete(state.name);
    },
    observe: ({ name, size, note, marker }) => ({ name, size, note, marker }),
    outputs: ({ pk }) => ({ pk }),
  };
  return definition;
}

export const boxToken = "box token/with ü+signs";

/** A provider for boxes, configured like the engine does it. */
export async function boxProvider(
  server: BoxServer,
  traits: object = {},
  claims = new Claims(),
): Promise<DefinedProvider> {
  const provider = new DefinedProvider({ ...boxDefinition(server), ...traits }, claims);
  const config = new Map([[credentialKey("boxToken"), boxToken]]);
  await provider.configure({
    config: { get: (key) => config.get(key), require: (key) => config.get(key) ?? "" },
  });
  return provider;
}

/** A failure that leaves the outcome of the write unknown. */
export function outcomeUnknown(): never {
  throw new OutcomeUnknownError("the connection broke");
}

/** The message of a server that requires unique names. */
export function duplicate(): never {
  throw new RejectedError("a box with this name already exists");
}
