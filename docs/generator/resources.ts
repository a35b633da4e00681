import type { z } from "zod";
import type { Since } from "../../providers/core/versions";
import { definitions } from "../../providers/registry";
import { classOf, outputsOf } from "./classes";
import { commentsOnFields } from "./fields";
import { type Form, formsOf } from "./form";
import { type Comment, commentOf, sourceOf } from "./source";
import { type Row, refusals, sentences, shown, table } from "./table";

/** The part of a definition that the pages describe. */
interface Documented {
  readonly inputs: z.ZodObject;
  readonly replaceOn: readonly string[];
  readonly secrets: readonly string[];
  readonly versions?: { readonly server: string; readonly since: Readonly<Partial<Record<string, Since>>> };
}

export interface Resource {
  readonly file: string;
  readonly definition: Documented;
}

const servers = ["authentik", "proxmox", "backupServer", "datacenterManager", "sso"];
/** A class that has another name than its Pulumi type, which every state has. */
const renamed: Readonly<Record<string, string>> = { Identity: "SharedValues" };

/** The resources of each server, by class. */
export const resources: Readonly<Record<string, Readonly<Record<string, Resource>>>> = Object.fromEntries(
  servers.map((server) => [server, Object.fromEntries(resourcesOf(server))]),
);

function resourcesOf(server: string): [string, Resource][] {
  const types = definitions.map((definition) => ({ definition, parts: definition.type.split(":") }));
  return types
    .filter(({ parts }) => parts[0] === server)
    .sort((a, b) => (a.definition.type < b.definition.type ? -1 : 1))
    .map(({ definition, parts: [, name = ""] }) => [
      renamed[name] ?? name,
      { file: name.replace(/^[A-Z]+/, (start) => start.toLowerCase()), definition },
    ]);
}

const connections: Readonly<Record<string, string>> = { authentik: "authentik", proxmox: "Proxmox VE" };
/** Products whose resources have their own connection as `proxmox`. */
const products: Readonly<Record<string, string>> = {
  backupServer: "Backup Server",
  datacenterManager: "Datacenter Manager",
};

/** The input with the connection to the server itself. */
export function ownConnection(server: string): string {
  return server in products ? "proxmox" : server;
}

function connectedTo(input: string, server: string): string {
  return (input === "proxmox" ? products[server] : undefined) ?? connections[input] ?? "";
}

const headings = ["input", "type", "default", "since", "meaning"];

/** The sections of one server's resources, the connection to it at the end. */
export function resourceSections(server: string): string {
  const ofServer = Object.entries(resources[server] ?? {});
  const sections = ofServer.map(([name, resource]) => section(server, name, resource));
  const [, first] =
    ofServer.find(([, { definition }]) => ownConnection(server) in definition.inputs.shape) ?? [];
  if (first) sections.push(connection(server, first));
  return sections.join("\n");
}

function section(server: string, name: string, resource: Resource): string {
  const path = `providers/${server}/${resource.file}.ts`;
  const rows = rowsOf(server, path, resource).filter(
    ({ input = "" }) => !/^`(authentik|proxmox)\./.test(input),
  );
  const outputs = outputsOf(path, name, Object.keys(resource.definition.inputs.shape));
  const outputTable = outputs.length > 0 ? `\n${table(["output", "type", "meaning"], outputs)}` : "";
  const { text } = commentOf(classOf(sourceOf(path), name));
  return `## ${name}\n\n${text}\n\n${table(headings, rows)}${outputTable}`;
}

function connection(server: string, resource: Resource): string {
  const path = `providers/${server}/${resource.file}.ts`;
  const input = ownConnection(server);
  const rows = rowsOf(server, path, resource).filter((row) => row.input?.startsWith(`\`${input}.`));
  const { text = "" } = commentsOnFields(path).get(input) ?? {};
  return `## Connection to ${connectedTo(input, server)}\n\nThe input \`${input}\`. ${text}\n\n${table(headings, rows)}`;
}

function rowsOf(server: string, path: string, { definition }: Resource): Row[] {
  const comments = commentsOnFields(path);
  return [...formsOf(definition.inputs)].map(([input, form]) => {
    const comment = comments.get(input.replaceAll("[]", ""));
    if (!comment?.text) throw new Error(`${path}: say by a comment what \`${input}\` means.`);
    return input in connections
      ? connectionRow(input, server)
      : row(input, form, comment, definition, server);
  });
}

/** A connection has a section of its own, on the page of its server. */
function connectionRow(input: string, server: string): Row {
  const title = connectedTo(input, server);
  const anchor = `#connection-to-${title.toLowerCase().replaceAll(" ", "-")}`;
  const page = input === ownConnection(server) ? "" : `${input}.md`;
  return {
    input: `\`${input}\``,
    type: "object",
    default: "required",
    meaning: `The [connection](${page}${anchor}) to ${title}.`,
  };
}

/** The documentation of each input in an editor, by path, in lines. */
export type Described = ReadonlyMap<string, readonly string[]>;

export function describedInputs(server: string, resource: Resource): Described {
  const path = `providers/${server}/${resource.file}.ts`;
  const { definition } = resource;
  const comments = commentsOnFields(path);
  return new Map(
    [...formsOf(definition.inputs)].map(([input, form]) => {
      const comment = comments.get(input.replaceAll("[]", "")) ?? { text: "", fallback: undefined };
      if (input in connections) return [input, [`The connection to ${connectedTo(input, server)}.`]];
      return [
        input,
        linesOf(row(input, form, comment, definition, server), definition.versions?.server, form),
      ];
    }),
  );
}

function linesOf(
  { meaning = "", type = "", since, default: fallback }: Row,
  server: string | undefined,
  form: Form,
): string[] {
  const isPlain = /^(text|boolean|object|any|whole number|list: text|list: object|`.*)$/.test(type);
  return [
    meaning,
    ...(isPlain ? [] : [`${type.charAt(0).toUpperCase()}${type.slice(1)}.`]),
    ...(form.isRequired || !fallback ? [] : [`@default ${fallback}`]),
    ...(since ? [`@since ${server} ${since}`] : []),
  ];
}

function row(input: string, form: Form, comment: Comment, definition: Documented, server: string): Row {
  const { meaning, since } = withoutVersion(comment.text, products[server]);
  const known = definition.versions?.since[input];
  if (versionOf(known) !== since) {
    throw new Error(`\`${input}\`: the comment says ${since ?? "no version"}, the code ${versionOf(known)}.`);
  }
  return {
    input: `\`${input}\``,
    type: definition.secrets.includes(input) ? `${form.type}; secret` : form.type,
    default: form.isRequired ? "required" : (shown(form.fallback) ?? comment.fallback),
    since,
    meaning: sentences(
      meaning,
      refusals(form),
      definition.replaceOn.includes(input) && "**A change replaces the resource.**",
    ),
  };
}

/** "authentik 2025.6 and later." has a column of its own. */
function withoutVersion(
  text: string,
  product = "(?:authentik|Proxmox VE)",
): { meaning: string; since: string | undefined } {
  const [, since] = new RegExp(`(?<=^|\\. )${product} (\\d+\\.\\d+) and later\\.?`).exec(text) ?? [];
  const ofAnyProduct =
    /(?<=^|\. )(?:authentik|Proxmox VE|Backup Server|Datacenter Manager) \d+\.\d+ and later\.?\s*/g;
  return { meaning: text.replace(ofAnyProduct, "").trim(), since };
}

/** The first version that has the input at all. */
function versionOf(since: Since | undefined): string | undefined {
  const version = typeof since === "string" ? since : since?.others;
  return version?.split(".").slice(0, 2).join(".");
}
