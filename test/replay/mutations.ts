import { type Answer, isRecord } from "./exchange";
import { generatedFields, timeFields } from "./kinds";

type Path = (string | number)[];

/** The answer with one thing changed; another `seed` changes another thing. */
export function mutate<A extends Answer>(answer: A, recorded: unknown, seed: number): A {
  const leaves = leavesOf(answer.body);
  const leaf = leaves[seed % Math.max(leaves.length, 1)];
  switch (seed % 3) {
    case 0:
      return { ...answer, status: answer.status + 1 };
    case 1:
      return { ...answer, headers: { ...answer.headers, "content-type": "application/octet-stream" } };
    default:
      if (leaf === undefined) return { ...answer, body: "something" };
      return { ...answer, body: withChanged(answer.body, leaf, at(recorded, leaf)) };
  }
}

function leavesOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, [...path, index]));
  if (isRecord(value))
    return Object.entries(value).flatMap(([name, item]) => leavesOf(item, [...path, name]));
  return path.length === 0 ? [] : [path];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((parent: unknown, step) => Object(parent)[step], value);
}

function withChanged(value: unknown, [step, ...rest]: Path, recorded: unknown): unknown {
  if (step === undefined) return changed(value, recorded, "");
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === step ? withChanged(item, rest, recorded) : item));
  }
  if (!isRecord(value)) return value;
  const item = value[step];
  const next = rest.length === 0 ? changed(item, recorded, String(step)) : withChanged(item, rest, recorded);
  return { ...value, [step]: next };
}

/** Another value of the same type; none where any value of the type would do. */
function changed(value: unknown, recorded: unknown, field: string): unknown {
  const isAny =
    generatedFields.has(field) || timeFields.has(field) || /<[A-Za-z][^<>]*>/.test(String(recorded));
  if (isAny) return null;
  if (typeof value === "string") return `${value}~`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : "something";
}
