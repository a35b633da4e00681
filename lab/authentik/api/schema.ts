import type { Profile } from "../profile";
import type { Json } from "../store/store";
import type { Field, Kind, Kinds } from "./kind";

type Properties = { [name: string]: Json };

/** Describes the simulator's API like authentik does: the objects, their fields, and types if known. */
export function describeApi(kinds: Kinds, { version }: Profile): Properties {
  const described = Object.values(kinds).filter(({ methods }) => methods.includes("create"));
  return {
    openapi: "3.0.3",
    info: { title: "authentik", version },
    paths: Object.fromEntries(described.map((kind) => [`/${kind.path}/`, { post: creation(kind) }])),
    components: {
      schemas: Object.fromEntries(
        described.flatMap((kind) => [
          [
            nameOf(kind),
            component(
              kind,
              kinds,
              (field) => !field.writeOnly,
              () => true,
            ),
          ],
          [`${nameOf(kind)}Request`, component(kind, kinds, isSent, ({ required = false }) => required)],
        ]),
      ),
    },
  };
}

const isSent = ({ readOnly = false }: Field) => !readOnly;

const nameOf = ({ model }: Kind) => model.replaceAll(" ", "");

function creation(kind: Kind): Json {
  const content = (name: string): Json => ({
    content: { "application/json": { schema: { $ref: `#/components/schemas/${name}` } } },
  });
  return { requestBody: content(`${nameOf(kind)}Request`), responses: { 201: content(nameOf(kind)) } };
}

function component(
  kind: Kind,
  kinds: Kinds,
  isShown: (field: Field) => boolean,
  isRequired: (field: Field) => boolean,
): Json {
  const fields = kind.fields.filter(isShown);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((field) => [field.name, property(field, kind, kinds)])),
    required: fields.filter(isRequired).map(({ name }) => name),
  };
}

/** The type is omitted for fields whose values the simulator does not restrict. */
function property(field: Field, kind: Kind, kinds: Kinds): Json {
  const type = typeOf(field, kind, kinds);
  return { ...(type && { type }), ...(field.nullable && { nullable: true }) };
}

function typeOf({ name, relation, default: value }: Field, kind: Kind, kinds: Kinds): string | undefined {
  if (name === kind.primaryKey) return keyTypeOf(kind);
  if (relation?.many) return "array";
  if (typeof relation?.kind === "string") return keyTypeOf(kinds[relation.kind]);
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return "integer";
  return value === undefined || value === null || typeof value === "function" ? undefined : typeof value;
}

function keyTypeOf({ identity }: Kind): string {
  return identity === "integer" ? "integer" : "string";
}
