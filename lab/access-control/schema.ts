import { parameterErrors } from "./errors";

export interface Property {
  readonly type?: "boolean" | "integer" | "list";
  readonly isRequired?: true;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  readonly choices?: readonly string[];
  /** A list separated by spaces, commas or semicolons. Each item is checked. */
  readonly items?: { readonly pattern: RegExp; readonly maxLength?: number };
}

export type Schema = Readonly<Record<string, Property>>;

/** Parameters as received. A repeated field has several values. */
type RawParameters = ReadonlyMap<string, readonly string[]>;

/** Verified parameters. */
export class Parameters {
  constructor(private readonly given: RawParameters) {}

  text(name: string): string | undefined {
    return this.given.get(name)?.[0];
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : booleans[text.toLowerCase()];
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined ? undefined : Number(text);
  }

  list(name: string): readonly string[] {
    return this.given.get(name) ?? [];
  }
}

const booleans: Readonly<Record<string, boolean>> = {
  "1": true,
  true: true,
  yes: true,
  on: true,
  "0": false,
  false: false,
  no: false,
  off: false,
};

export function verify(schema: Schema, raw: RawParameters): Parameters {
  const problems: [string, string][] = [];
  for (const [name, values] of raw) {
    const property = schema[name];
    if (property === undefined) problems.push([name, "schema does not allow additional properties."]);
    else if (values.length > 1 && property.type !== "list") problems.push([name, "duplicate parameter."]);
    else for (const value of values) problems.push(...problemOf(name, property, value));
  }
  const isRightSoFar = problems.length === 0;
  for (const [name, { isRequired }] of Object.entries(schema)) {
    if (isRightSoFar && isRequired && !raw.has(name))
      problems.push([name, "parameter is missing and it is not optional."]);
  }
  if (problems.length > 0) throw parameterErrors(problems);
  return new Parameters(raw);
}

function problemOf(name: string, property: Property, value: string): [string, string][] {
  const { type, choices, items } = property;
  if (type === "boolean" && booleans[value.toLowerCase()] === undefined) {
    return [[name, "Unable to parse boolean option."]];
  }
  if (type === "integer" && !/^-?\d+$/.test(value)) return [[name, "Unable to parse integer."]];
  if (choices && !choices.includes(value)) {
    return [[name, `value '${value}' is not defined in the enumeration.`]];
  }
  if (items) {
    const wrong = value
      .split(/[ ,;]+/)
      .filter((item) => item !== "")
      .flatMap((item) => lengthOrPattern(items, item) ?? []);
    return wrong.length > 0 ? [[name, listProblem(wrong)]] : [];
  }
  const problem = lengthOrPattern(property, value);
  return problem === undefined ? [] : [[name, problem]];
}

function listProblem(wrong: readonly string[]): string {
  const lines = wrong.map((problem) => `- '': schema validation failed: ${problem}`);
  return lines.length === 1
    ? `parameter verification failed ${lines[0]}`
    : `parameter verification failed:\n${lines.join("\n")}`;
}

function lengthOrPattern(
  { minLength = 0, maxLength, pattern }: Pick<Property, "minLength" | "maxLength" | "pattern">,
  value: string,
): string | undefined {
  if (value.length < minLength) return `value must be at least ${minLength} characters long`;
  if (maxLength !== undefined && value.length > maxLength) {
    return `value may only be ${maxLength} characters long`;
  }
  return pattern && !pattern.test(value) ? "value does not match the regex pattern" : undefined;
}
