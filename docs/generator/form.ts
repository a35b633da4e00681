import { z } from "zod";

type JsonSchema = z.core.JSONSchema.BaseSchema;

export interface Form {
  /** The type in words: `whole number, 1 to 36500`. */
  readonly type: string;
  readonly isRequired: boolean;
  /** As the code has it; undefined where it has none. */
  readonly fallback: unknown;
  /** What the error says of a value that is refused. */
  readonly rules: readonly string[];
}

/** The forms of a schema's fields, by path: `signedBy.certificate`, `redirectUris[].url`. */
export function formsOf(schema: z.ZodObject): ReadonlyMap<string, Form> {
  return new Map(fields(schema, ""));
}

function fields(schema: z.ZodObject, prefix: string): [string, Form][] {
  return Object.entries<z.ZodType>(schema.shape).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const json = z.toJSONSchema(field, { io: "input", unrepresentable: "any" });
    const form = {
      type: typeOf(json),
      isRequired: !field.safeParse(undefined).success,
      fallback: field.safeParse(undefined).data,
      rules: [...new Set(rulesOf(field))],
    };
    const inner = unwrap(field);
    const item = inner instanceof z.ZodArray ? unwrap(inner.element) : inner;
    const nested =
      item instanceof z.ZodObject ? fields(item, inner === item ? `${path}.` : `${path}[].`) : [];
    return [[path, form], ...nested];
  });
}

/** The schema inside `.optional()`, `.default()`, `.transform()` and `z.preprocess()`. */
export function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap());
  if (schema instanceof z.ZodPipe)
    return unwrap(schema.in instanceof z.ZodTransform ? schema.out : schema.in);
  return schema;
}

function rulesOf(schema: unknown): string[] {
  if (!(schema instanceof z.ZodType)) return [];
  const checks = schema._zod.def.checks ?? [];
  const own = [schema._zod.def.error, ...checks.map((check) => check._zod.def.error)].flatMap(message);
  const inner = schema instanceof z.ZodArray ? schema.element : unwrap(schema);
  return inner === schema ? own : [...own, ...rulesOf(inner)];
}

/** The field's comment describes an error that depends on the value. */
function message(error: unknown): string[] {
  if (typeof error !== "function") return [];
  const [one, other]: unknown[] = ["one", "other"].map((input) => error({ code: "custom", input, path: [] }));
  return typeof one === "string" && one === other ? [one] : [];
}

function typeOf(json: JsonSchema): string {
  const { enum: values, anyOf, items } = json;
  if (values) return alternatives(values.map((value) => `\`${value}\``));
  if (anyOf) return alternatives(anyOf.map((option) => (option as JsonSchema).const ?? typeOf(option)));
  switch (json.type) {
    case "string":
      return text(json);
    case "integer":
      return `whole number${range(json)}`;
    case "array":
      return typeof items === "object" && !Array.isArray(items) ? `list: ${typeOf(items)}` : "list";
    default:
      return String(json.type ?? "any");
  }
}

const formats: Readonly<Record<string, string>> = {
  uri: "URL",
  uuid: "UUID",
  email: "e-mail address",
  date: "day",
  "date-time": "instant",
  cidrv4: "IPv4 network",
  cidrv6: "IPv6 network",
};

function text({ format = "", maxLength, minLength = 0 }: JsonSchema): string {
  const shortest = minLength > 1 ? `${minLength} to ` : "at most ";
  const length = maxLength === undefined ? "" : `, ${shortest}${maxLength} characters`;
  return `${formats[format] ?? "text"}${length}`;
}

function range({
  minimum = Number.NEGATIVE_INFINITY,
  maximum = Number.POSITIVE_INFINITY,
}: JsonSchema): string {
  const lowest = minimum > -1_000_000 ? minimum : undefined;
  const highest = maximum < 1_000_000 ? maximum : undefined;
  if (lowest === undefined && highest === undefined) return "";
  return highest === undefined ? `, at least ${lowest}` : `, ${lowest} to ${highest}`;
}

function alternatives(values: readonly unknown[]): string {
  return [values.slice(0, -1).join(", "), values.at(-1)].filter((part) => part !== "").join(" or ");
}
