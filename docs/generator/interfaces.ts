import { z } from "zod";
import { accessControlConnection } from "../../providers/accessControl/connection";
import { authentikConnection } from "../../providers/authentik/connection";
import { proxmoxConnection } from "../../providers/proxmox/connection";
import { classOf } from "./classes";
import { unwrap } from "./form";
import { type Described, describedInputs, ownConnection, type Resource, resources } from "./resources";
import { commentOf, sourceOf } from "./source";

interface Shared {
  readonly name: string;
  readonly file: string;
  readonly server: string;
  readonly of: string;
}

/** Schemas that several resources share have an interface of their own. */
const shared = new Map<unknown, Shared>([
  [
    authentikConnection,
    { name: "AuthentikConnectionArgs", file: "connection", server: "authentik", of: "authentik" },
  ],
  [
    proxmoxConnection,
    { name: "ProxmoxConnectionArgs", file: "connection", server: "proxmox", of: "Proxmox VE" },
  ],
  [
    accessControlConnection,
    {
      name: "AccessControlConnectionArgs",
      file: "connection",
      server: "accessControl",
      of: "Backup Server or Datacenter Manager",
    },
  ],
]);

const note =
  "// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.";

/** The interfaces of the resources' arguments, by path from the root. */
export function argumentFiles(): Readonly<Record<string, string>> {
  const files = Object.entries(resources).flatMap(([server, ofServer]) =>
    Object.entries(ofServer).map(([name, resource]) => [
      `providers/${server}/args/${resource.file}.ts`,
      argumentsOf(server, name, resource),
    ]),
  );
  return Object.fromEntries([...files, ...connectionFiles()]);
}

function argumentsOf(server: string, name: string, resource: Resource): string {
  const described = describedInputs(server, resource);
  const { shape } = resource.definition.inputs;
  const { text } = commentOf(classOf(sourceOf(`providers/${server}/${resource.file}.ts`), name));
  const imports = Object.values(shape)
    .flatMap(sharedIn)
    .map((used) => {
      const from = used.server === server ? "." : `../../${used.server}/args`;
      return `import type { ${used.name} } from "${from}/${used.file}";`;
    });
  const body = members(resource.definition.inputs, "", "  ", described);
  const head = [note, 'import type * as pulumi from "@pulumi/pulumi";', ...[...imports].sort(byPath)].join(
    "\n",
  );
  return `${head}\n\n${tsdoc([`Arguments of \`${name}\`. ${text}`], "")}export interface ${name}Args {\n${body}}\n`;
}

/** In the order in which Biome sorts imports. */
function byPath(one: string, other: string): number {
  const pathOf = (line: string) => line.split(" from ")[1] ?? "";
  return pathOf(one) < pathOf(other) ? -1 : 1;
}

/** The shared interfaces of a field, or of the fields in it. */
function sharedIn(field: unknown): Shared[] {
  const inner = unwrap(field);
  const known = shared.get(inner);
  if (known) return [known];
  return inner instanceof z.ZodObject ? Object.values(inner.shape).flatMap(sharedIn) : [];
}

function connectionFiles(): [string, string][] {
  return [...shared].map(([schema, { name, file, server, of }]) => {
    const [found] = Object.entries(resources).flatMap(([owner, ofOwner]) =>
      Object.values(ofOwner)
        .filter(({ definition }) => definition.inputs.shape[ownConnection(owner)] === schema)
        .map((resource) => ({ owner, resource })),
    );
    if (!(found && schema instanceof z.ZodObject))
      throw new Error(`No resource of ${of} has its connection.`);
    const described = describedInputs(found.owner, found.resource);
    const body = members(schema, `${ownConnection(found.owner)}.`, "  ", described);
    const title = `How to reach the API of ${of}. The credential itself stays in the stack config.`;
    return [
      `providers/${server}/args/${file}.ts`,
      `${note}\nimport type * as pulumi from "@pulumi/pulumi";\n\n${tsdoc([title], "")}export interface ${name} {\n${body}}\n`,
    ];
  });
}

function members(schema: z.ZodObject, prefix: string, indent: string, described: Described): string {
  return Object.entries<z.ZodType>(schema.shape)
    .map(([name, field]) => {
      const path = `${prefix}${name}`;
      const isOptional = field.safeParse(undefined).success;
      const type = inputType(field, path, indent, described);
      const input = `pulumi.Input<${type}${isOptional ? " | undefined" : ""}>`;
      return `${tsdoc(described.get(path) ?? [], indent)}${indent}${name}${isOptional ? "?" : ""}: ${input};\n`;
    })
    .join("\n");
}

function inputType(field: unknown, path: string, indent: string, described: Described): string {
  const inner = unwrap(field);
  const known = shared.get(inner);
  if (known) return known.name;
  if (inner instanceof z.ZodObject) {
    return `{\n${members(inner, `${path}.`, `${indent}  `, described)}${indent}}`;
  }
  if (inner instanceof z.ZodArray) {
    return `pulumi.Input<${inputType(inner.element, `${path}[]`, indent, described)}>[]`;
  }
  if (inner instanceof z.ZodRecord) return "{ [key: string]: pulumi.Input<unknown> }";
  if (inner instanceof z.ZodUnion) {
    return inner.options.map((option) => inputType(option, path, indent, described)).join(" | ");
  }
  if (inner instanceof z.ZodEnum) return inner.options.map((value) => JSON.stringify(value)).join(" | ");
  if (inner instanceof z.ZodLiteral)
    return [...inner.values].map((value) => JSON.stringify(value)).join(" | ");
  if (inner instanceof z.ZodBoolean) return "boolean";
  if (inner instanceof z.ZodNumber) return "number";
  if (inner instanceof z.ZodString || inner instanceof z.ZodStringFormat) return "string";
  throw new Error(`${path}: say in interfaces.ts which type TypeScript has for it.`);
}

const longestLine = 110;

/** A comment, each of its parts beginning a line. */
function tsdoc(parts: readonly string[], indent: string): string {
  const lines = parts.flatMap((part) =>
    wrapped(part.replaceAll("*/", "*\\/"), longestLine - indent.length - 3),
  );
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
