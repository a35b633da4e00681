import { z } from "zod";
import { isOlder } from "../../../providers/core/versions";
import { contract, type Field, type Kind } from "./contract";

const property = z.looseObject({
  type: z.string().optional(),
  $ref: z.string().optional(),
  allOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});
const component = z.looseObject({
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
});
const reference = z.looseObject({ $ref: z.string() });
const body = z.looseObject({
  content: z.looseObject({ "application/json": z.looseObject({ schema: reference }) }),
});
const operation = z.looseObject({ requestBody: body, responses: z.record(z.string(), z.unknown()) });

/** The parts of an OpenAPI file that are compared. */
export const apiSchema = z.looseObject({
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

export type ApiSchema = z.output<typeof apiSchema>;

/** Differences between a server's API and what this program sends and reads, as sentences. */
export function differencesFrom(schema: ApiSchema): string[] {
  return contract.flatMap((kind) => differencesOf(kind, schema));
}

function differencesOf({ path, sends = {}, reads }: Kind, schema: ApiSchema): string[] {
  const { data: post } = operation.safeParse(schema.paths[path]?.post);
  const request = post && componentOf(schema, post.requestBody);
  const response = post && componentOf(schema, post.responses["201"] ?? post.responses["200"]);
  if (request === undefined || response === undefined) return [`\`${path}\` is missing`];
  const { version } = schema.info;
  const required = Object.keys(sends).length === 0 ? [] : request.required.filter((name) => !(name in sends));
  return [
    ...required.map((name) => `\`${path}\` requires \`${name}\`, which this program does not send`),
    ...wrongFields(
      sends,
      request,
      version,
      schema,
      (what) => `\`${path}\`, of what this program sends: ${what}`,
    ),
    ...wrongFields(
      reads,
      response,
      version,
      schema,
      (what) => `\`${path}\`, of what this program reads: ${what}`,
    ),
  ];
}

function wrongFields(
  fields: Readonly<Record<string, Field>>,
  { properties }: z.output<typeof component>,
  version: string,
  schema: ApiSchema,
  say: (what: string) => string,
): string[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    if (!isIn(field, version)) return [];
    if (!(name in properties)) return [say(`\`${name}\` is missing`)];
    const types = typesOf(properties[name], schema);
    const isRight = types.length === 0 || types.includes(field.type);
    return isRight ? [] : [say(`\`${name}\` is ${types.join(" or ")}, and not ${field.type}`)];
  });
}

function isIn({ since, until }: Field, version: string): boolean {
  const isThere = since === undefined || !isOlder(version, since);
  return isThere && (until === undefined || isOlder(version, until));
}

function componentOf(schema: ApiSchema, given: unknown): z.output<typeof component> | undefined {
  const { data } = body.safeParse(given);
  const found = data && named(schema, data.content["application/json"].schema.$ref);
  return component.safeParse(found).data;
}

function named({ components }: ApiSchema, ref: string): unknown {
  return components.schemas[ref.split("/").at(-1) ?? ""];
}

/** Empty if the schema has no type, so the value can have any. */
function typesOf(given: unknown, schema: ApiSchema): string[] {
  const { data } = property.safeParse(given);
  if (data === undefined) return [];
  if (data.type !== undefined) return [data.type];
  if (data.$ref !== undefined) return typesOf(named(schema, data.$ref), schema);
  return [...(data.allOf ?? []), ...(data.oneOf ?? [])].flatMap((part) => typesOf(part, schema));
}
