import { parameterError } from "../errors";
import { isSince, type Profile } from "../versions";

export interface Property {
  type: "string" | "boolean" | "integer";
  optional?: true;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  pattern?: RegExp;
  /** The first release that checks the pattern. */
  patternSince?: string;
  enumeration?: string[];
  /** Why a value is invalid. Undefined if it is valid. */
  format?: (value: string) => string | undefined;
  /** A list. Can be a JSON array or a repeated form field. */
  list?: true;
  /** Another parameter that is required too. */
  requires?: string;
  /** The first release with this parameter. */
  since?: string;
}

export type Schema = Record<string, Property>;

/** Parameters as received. Form fields are strings, and JSON has its own types. */
export type RawParameters = Record<string, unknown>;

/** Verified parameters. Booleans are "1" and "0", as in a form. */
export type Parameters = Record<string, string>;

export function verifyParameters(schema: Schema, raw: RawParameters, profile: Profile): Parameters {
  const errors: Record<string, string> = {};
  const verified: Parameters = {};
  for (const [name, value] of Object.entries(raw)) {
    const property = schema[name];
    if (property === undefined || !isKnown(property, profile)) {
      errors[name] = "property is not defined in schema and the schema does not allow additional properties";
      continue;
    }
    const text = toText(property, value);
    const problem = text === undefined ? typeProblem(property, value) : valueProblem(property, text, profile);
    if (problem !== undefined) errors[name] = problem;
    else if (property.requires !== undefined && raw[property.requires] === undefined) {
      errors[property.requires] = `missing property required by '${name}'`;
    } else if (text !== undefined) verified[name] = text;
  }
  for (const [name, property] of Object.entries(schema)) {
    if (!property.optional && raw[name] === undefined && isKnown(property, profile)) {
      errors[name] = "property is missing and it is not optional";
    }
  }
  if (Object.keys(errors).length > 0) throw parameterError(errors);
  return verified;
}

function isKnown(property: Property, profile: Profile): boolean {
  return property.since === undefined || isSince(profile, property.since);
}

function toText(property: Property, value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return property.type === "string" ? undefined : value ? "1" : "0";
  if (Array.isArray(value) && property.list) return value.join(",");
  return undefined;
}

function typeProblem(property: Property, value: unknown): string {
  const perlType = Array.isArray(value) ? "ARRAY" : typeof value === "boolean" ? "JSON::PP::Boolean" : "HASH";
  return `type check ('${property.type}') failed - got ${perlType}`;
}

function valueProblem(property: Property, value: string, profile: Profile): string | undefined {
  if (property.type === "boolean" && value !== "1" && value !== "0") {
    return `type check ('boolean') failed - got '${value}'`;
  }
  if (property.type === "integer") {
    if (!/^[+-]?\d+$/.test(value)) return `type check ('integer') failed - got '${value}'`;
    if (property.minimum !== undefined && Number(value) < property.minimum) {
      return `value must have a minimum value of ${property.minimum}`;
    }
  }
  if (property.minLength !== undefined && value.length < property.minLength) {
    return `value must be at least ${property.minLength} characters long`;
  }
  if (property.maxLength !== undefined && value.length > property.maxLength) {
    return `value may only be ${property.maxLength} characters long`;
  }
  const formatProblem = property.format?.(value);
  if (formatProblem !== undefined) return `invalid format - ${formatProblem}\n`;
  const checksPattern = property.patternSince === undefined || isSince(profile, property.patternSince);
  if (property.pattern !== undefined && checksPattern && !property.pattern.test(value)) {
    return "value does not match the regex pattern";
  }
  if (property.enumeration !== undefined && !property.enumeration.includes(value)) {
    return `value '${value}' does not have a value in the enumeration '${property.enumeration.join(", ")}'`;
  }
  return undefined;
}
