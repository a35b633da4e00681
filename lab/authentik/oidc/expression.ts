import { type Expression, parseExpression } from "./expression-parser";

/**
 * Scope mappings are Python in the real server. The simulator evaluates one `return` of literals,
 * `user` and `request.user` attributes, and comprehensions over the user's groups; it refuses the rest.
 */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

export interface ExpressionUser {
  attributes: { [name: string]: Value };
  groups: string[];
  /** In the older release `user.groups` is another, empty relation. */
  groupsBehind: ("groups" | "ak_groups")[];
}

class Groups {
  constructor(readonly names: string[]) {}
}

class Group {
  constructor(readonly name: string) {}
}

class User {
  constructor(readonly facts: ExpressionUser) {}
}

type Operand = Value | Groups | Group | User | { request: User };
type Scope = Map<string, Operand>;

export function checkScopeExpression(source: string): string | undefined {
  const unclosed = unclosedBracket(source, "None");
  if (unclosed) return unclosed;
  try {
    parseExpression(source);
    return undefined;
  } catch (error) {
    return `The simulated authentik cannot evaluate this expression (${error instanceof Error ? error.message : error}).`;
  }
}

/** The one Python syntax error that is recorded. The real server puts the expression into a function, one line down. */
export function unclosedBracket(source: string, name: string): string | undefined {
  const open: { bracket: string; line: number }[] = [];
  source.split("\n").forEach((line, index) => {
    for (const character of line.replace(/"[^"]*"|'[^']*'|#.*/g, "")) {
      if ("([{".includes(character)) open.push({ bracket: character, line: index + 2 });
      if (")]}".includes(character)) open.pop();
    }
  });
  const last = open.at(-1);
  return last && `Expression Syntax Error: '${last.bracket}' was never closed (${name}, line ${last.line})`;
}

/** The names of the claims that an expression returns, without evaluating them. */
export function claimNames(source: string): string[] {
  const expression = parseExpression(source);
  return expression.type === "dictionary" ? expression.entries.map(([name]) => name) : [];
}

export function evaluateExpression(source: string, facts: ExpressionUser): Value {
  const user = new User(facts);
  const scope: Scope = new Map<string, Operand>([
    ["user", user],
    ["request", { request: user }],
  ]);
  return asValue(evaluate(parseExpression(source), scope));
}

function evaluate(expression: Expression, scope: Scope): Operand {
  switch (expression.type) {
    case "literal":
      return expression.value;
    case "list":
      return expression.items.map((item) => asValue(evaluate(item, scope)));
    case "dictionary":
      return Object.fromEntries(
        expression.entries.map(([name, item]) => [name, asValue(evaluate(item, scope))]),
      );
    case "name":
      return requireOperand(scope.get(expression.name), expression.name);
    case "attribute":
      return attribute(evaluate(expression.of, scope), expression.name);
    case "call":
      return call(evaluate(expression.of, scope), expression, scope);
    case "comprehension": {
      const groups = evaluate(expression.over, scope);
      if (!(groups instanceof Groups)) throw new Error(`cannot iterate over "${expression.variable}"`);
      return groups.names.flatMap((name) => {
        const inner: Scope = new Map(scope).set(expression.variable, new Group(name));
        if (expression.condition && evaluate(expression.condition, inner) !== true) return [];
        return [asValue(evaluate(expression.item, inner))];
      });
    }
  }
}

function attribute(operand: Operand, name: string): Operand {
  if (operand instanceof User) {
    if (name === "groups" || name === "ak_groups") {
      return new Groups(operand.facts.groupsBehind.includes(name) ? operand.facts.groups : []);
    }
    return requireOperand(operand.facts.attributes[name], `user.${name}`);
  }
  if (operand instanceof Group && name === "name") return operand.name;
  if (typeof operand === "object" && operand !== null && "request" in operand && name === "user") {
    if (operand.request instanceof User) return operand.request;
  }
  throw new Error(`no attribute "${name}"`);
}

function call(operand: Operand, expression: Extract<Expression, { type: "call" }>, scope: Scope): Operand {
  const values = expression.values.map((value) => asValue(evaluate(value, scope)));
  const first = String(values[0] ?? "");
  if (operand instanceof Groups) {
    if (expression.method === "all") return operand;
    if (expression.method === "filter") return filterGroups(operand, expression, scope);
  }
  if (typeof operand === "string") {
    if (expression.method === "removeprefix")
      return operand.startsWith(first) ? operand.slice(first.length) : operand;
    if (expression.method === "startswith") return operand.startsWith(first);
    if (expression.method === "endswith") return operand.endsWith(first);
    if (expression.method === "lower") return operand.toLowerCase();
    if (expression.method === "upper") return operand.toUpperCase();
  }
  if (isDictionary(operand) && expression.method === "get") return operand[first] ?? values[1] ?? null;
  throw new Error(`no method "${expression.method}"`);
}

function filterGroups(
  groups: Groups,
  expression: Extract<Expression, { type: "call" }>,
  scope: Scope,
): Groups {
  let names = groups.names;
  for (const [lookup, item] of expression.named) {
    const wanted = String(asValue(evaluate(item, scope)));
    if (lookup === "name") names = names.filter((name) => name === wanted);
    else if (lookup === "name__startswith") names = names.filter((name) => name.startsWith(wanted));
    else throw new Error(`no filter "${lookup}"`);
  }
  return new Groups(names);
}

function requireOperand(operand: Operand | undefined, name: string): Operand {
  if (operand === undefined) throw new Error(`"${name}" is not known`);
  return operand;
}

function isDictionary(operand: Operand): operand is { [key: string]: Value } {
  return isPlain(operand) && typeof operand === "object" && operand !== null && !Array.isArray(operand);
}

function asValue(operand: Operand): Value {
  if (isPlain(operand)) return operand;
  throw new Error("the result is an object, not a value");
}

function isPlain(operand: Operand): operand is Value {
  if (operand instanceof Groups || operand instanceof Group || operand instanceof User) return false;
  return !(
    typeof operand === "object" &&
    operand !== null &&
    "request" in operand &&
    operand.request instanceof User
  );
}
