import { type Answer, type Exchange, isRecord } from "./exchange";
import { generatedFields, timeFields } from "./kinds";

type Path = (string | number)[];

/** Changes one part of an answer. Undefined if the answer lacks that part, or if it is not compared. */
type Mutation = (answer: Answer, exchange: Exchange, seed: number) => Partial<Answer> | undefined;

const mutations: Mutation[] = [
  (answer) => ({ status: answer.status + 1 }),
  (answer, exchange, seed) => inBody(answer, exchange, seed, changed),
  (answer, exchange, seed) => inBody(answer, exchange, seed, () => undefined),
  ({ body }) => (isRecord(body) ? { body: { ...body, more: true } } : undefined),
  ({ headers }) => ({ headers: { ...headers, "content-type": "application/octet-stream" } }),
  ({ headers }) => withHeader(headers, "location"),
  ({ headers }) => withHeader(headers, "allow"),
  ({ headers }, { answerHeaders }) =>
    answerHeaders["set-cookie"] === undefined ? undefined : withHeader(headers, "set-cookie"),
  ({ body }) => {
    const page = typeof body === "string" ? body.replace(/(<h1[^>]*>)/, "$1Another ") : body;
    return page === body ? undefined : { body: page };
  },
  ({ claims }, exchange, seed) => {
    const leaf = leafOf(claims, seed);
    return leaf && { claims: withChanged(claims, leaf, at(exchange.claims, leaf), changed) };
  },
  ({ tokenHeader }) => (isRecord(tokenHeader) ? { tokenHeader: { ...tokenHeader, alg: "none" } } : undefined),
];

/** For Proxmox, whose reason phrase and log contain the message. */
const mutationsOfMessages: ((
  answer: Answer & { log: string[] },
  exchange: Exchange,
) => object | undefined)[] = [
  ({ reason }) => ({ reason: `${reason}.` }),
  ({ log }, exchange) =>
    exchange.log === undefined
      ? undefined
      : { log: log.length > 0 ? log.slice(1) : ["<3>x[1]: another line"] },
];

/** The answer with one changed part. Another `seed` changes another part. */
export function mutate<A extends Answer>(answer: A, exchange: Exchange, seed: number): A {
  if (exchange.isUndecoded) return { ...answer, status: answer.status + 1 };
  const tries = [
    ...mutations.map((mutation) => () => mutation(answer, exchange, seed)),
    ...mutationsOfMessages.map((mutation) => () => (hasLog(answer) ? mutation(answer, exchange) : undefined)),
  ];
  for (let index = seed; ; index++) {
    const change = tries[index % tries.length]?.();
    if (change !== undefined) return { ...answer, ...change };
  }
}

function hasLog<A extends Answer>(answer: A): answer is A & { log: string[] } {
  return "log" in answer;
}

function withHeader(headers: Record<string, string>, name: string): Partial<Answer> | undefined {
  const value = headers[name];
  return value === undefined ? undefined : { headers: { ...headers, [name]: `${value}~` } };
}

type Change = (value: unknown, recorded: unknown, field: string) => unknown;

function inBody(
  { body }: Answer,
  { answer }: Exchange,
  seed: number,
  change: Change,
): Partial<Answer> | undefined {
  const leaf = leafOf(body, seed);
  return leaf && { body: withChanged(body, leaf, at(answer, leaf), change) };
}

function leafOf(value: unknown, seed: number): Path | undefined {
  const leaves = leavesOf(value);
  return leaves[seed % leaves.length];
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

/** If the change is `undefined`, removes that field or item. */
function withChanged(value: unknown, [step, ...rest]: Path, recorded: unknown, change: Change): unknown {
  if (step === undefined) return value;
  const next = (item: unknown) =>
    rest.length === 0 ? change(item, recorded, String(step)) : withChanged(item, rest, recorded, change);
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => {
      if (index !== step) return [item];
      const other = next(item);
      return other === undefined ? [] : [other];
    });
  }
  return isRecord(value) ? { ...value, [step]: next(value[step]) } : value;
}

/** Another value of the same type. None if any value of the type is accepted. */
function changed(value: unknown, recorded: unknown, field: string): unknown {
  const isAny =
    generatedFields.has(field) || timeFields.has(field) || /<[A-Za-z][^<>]*>/.test(String(recorded));
  if (isAny) return null;
  if (typeof value === "string") return `${value}~`;
  if (typeof value === "number") return value + 1;
  return typeof value === "boolean" ? !value : "something";
}
