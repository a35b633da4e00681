import type { Json } from "../store/store";
import { FieldError } from "./errors";
import type { Field, FieldInput, KindName, Relation } from "./kind";

/** The field types of the API, with the real server's messages. */

type Parse = NonNullable<Field["parse"]>;

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const DURATION =
  /^\s*(?:(?:microseconds|milliseconds|seconds|minutes|hours|days|weeks)=-?\d+(?:\.\d+)?;?)+\s*$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function isUuid(value: string): boolean {
  return UUID.test(value);
}

interface TextOptions {
  blank?: boolean;
  max?: number | undefined;
  check?: (value: string) => string | undefined;
}

/** Text is trimmed before all other checks. */
export function text(options: TextOptions = {}): Parse {
  return (value) => {
    if (typeof value !== "string" && typeof value !== "number") throw new FieldError("Not a valid string.");
    const trimmed = String(value).trim();
    if (trimmed === "") {
      if (options.blank) return "";
      throw new FieldError("This field may not be blank.");
    }
    if (options.max !== undefined && trimmed.length > options.max) {
      throw new FieldError(`Ensure this field has no more than ${options.max} characters.`);
    }
    const problem = options.check?.(trimmed);
    if (problem !== undefined) throw new FieldError(problem);
    return trimmed;
  };
}

export function boolean(): Parse {
  return (value) => {
    if (value === true || value === "true" || value === "True" || value === 1 || value === "1") return true;
    if (value === false || value === "false" || value === "False" || value === 0 || value === "0")
      return false;
    throw new FieldError("Must be a valid boolean.");
  };
}

export function integer(limits: { min?: number; max?: number } = {}): Parse {
  return (value) => {
    const number = typeof value === "string" && /^-?\d+$/.test(value.trim()) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isInteger(number)) {
      throw new FieldError("A valid integer is required.");
    }
    if (limits.max !== undefined && number > limits.max) {
      throw new FieldError(`Ensure this value is less than or equal to ${limits.max}.`);
    }
    if (limits.min !== undefined && number < limits.min) {
      throw new FieldError(`Ensure this value is greater than or equal to ${limits.min}.`);
    }
    return number;
  };
}

export function choice(choices: readonly string[]): Parse {
  return (value) => {
    if (typeof value === "string" && choices.includes(value)) return value;
    throw new FieldError(
      `"${typeof value === "string" ? value : JSON.stringify(value)}" is not a valid choice.`,
    );
  };
}

export function duration(): Parse {
  return text({
    check: (value) =>
      DURATION.test(value) ? undefined : `${value} is not in the correct format of 'hours=3;minutes=1'.`,
  });
}

export function email(): Parse {
  return text({
    blank: true,
    check: (value) => (EMAIL.test(value) ? undefined : "Enter a valid email address."),
  });
}

export function dictionary(): Parse {
  return (value) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
    throw new FieldError("Value must be a dictionary, and not have any duplicate keys.");
  };
}

/** A field with the primary key of another object. */
export function relation(
  kind: KindName,
  whenDeleted: Relation["whenDeleted"],
): Pick<Field, "parse" | "relation"> {
  return {
    relation: { kind, many: false, whenDeleted },
    parse: (value, input) => parseKey(kind, value, input),
  };
}

/** A field with a set of primary keys. */
export function relations(
  kind: KindName,
  whenDeleted: Relation["whenDeleted"] = "remove",
): Pick<Field, "parse" | "relation"> {
  return {
    relation: { kind, many: true, whenDeleted },
    parse: async (value, input) => {
      if (!Array.isArray(value))
        throw new FieldError(`Expected a list of items but got type "${pythonType(value)}".`);
      const keys: Json[] = [];
      for (const item of value) {
        const key = await parseKey(kind, item, input);
        if (!keys.includes(key)) keys.push(key);
      }
      return keys;
    },
  };
}

async function parseKey(kind: KindName, value: Json, input: FieldInput): Promise<Json> {
  const target = input.context.kinds[kind];
  if (target.identity === "integer") {
    const key = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof key !== "number") {
      throw new FieldError(`Incorrect type. Expected pk value, received ${pythonType(value)}.`);
    }
    return requireExisting(kind, key, input);
  }
  if (typeof value !== "string" || !isUuid(value)) {
    throw new FieldError(
      `“${typeof value === "string" ? value : JSON.stringify(value)}” is not a valid UUID.`,
    );
  }
  return requireExisting(kind, value, input);
}

async function requireExisting(kind: KindName, key: string | number, input: FieldInput): Promise<Json> {
  if (await input.context.lab.store.get(kind, String(key))) return key;
  throw new FieldError(`Invalid pk "${key}" - object does not exist.`);
}

export function pythonType(value: Json): string {
  if (value === null) return "NoneType";
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "string":
      return "str";
    case "boolean":
      return "bool";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    default:
      return "dict";
  }
}
