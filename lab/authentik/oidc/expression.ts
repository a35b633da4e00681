import { type Comprehension, type Expression, parseExpression } from "./expression-parser";

/**
 * Scope mappings contain Python. The simulator evaluates assignments and one `return` of literals, `user` and
 * `request.user` attributes, comprehensions over the user's groups, and conditions on attributes. It refuses
 * everything else.
 */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

export interface ExpressionUser {
  attributes: { [name: string]: Value };
  groups: string[];
  /** Includes parent groups. If undefined, users have no `all_groups`. */
  allGroups?: string[];
  /** In the older release, `user.groups` is a different, empty relation. */
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

/**
 * The only recorded Python syntax error. The real server wraps the expression in a function, which shifts lines by
 * one.
 */
export function unclosedBracket(source: string, name: string): string | undefined {
  const open: { bracket: string; line: number }[] = [];
  source.split("\n").forEach((line, index) => {
    for (const character of line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|#.*/g, "")) {
      if ("([{".includes(character)) open.push({ bracket: character, line: index + 2 });
      if (")]}".includes(character)) open.pop();
    }
  });
  const last = open.at(-1);
  return last && `Expression Syntax Error: '${last.bracket}' was never closed (${name}, line ${last.line})`;
}

/** The names of the claims in an expression, without evaluating it. */
export function claimNames(source: string): string[] {
  const { returned } = parseExpression(source);
  return returned.type === "dictionary" ? returned.entries.map(([name]) => name) : [];
}

export function evaluateExpression(source: string, facts: ExpressionUser): Value {
  const user = new User(facts);
  const scope: Scope = new Map<string, Operand>([
    ["user", user],
    ["request", { request: user }],
  ]);
  const { assignments, returned } = parseExpression(source);
  for (const [name, expression] of assignments) scope.set(name, evaluate(expression, scope));
  return asValue(evaluate(returned, scope));
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
    case "item": {
      const key = String(asValue(evaluate(expression.key, scope)));
      return requireOperand(dictionary(evaluate(expression.of, scope))[key], key);
    }
    case "in": {
      const item = asValue(evaluate(expression.item, scope));
      const of = asValue(evaluate(expression.of, scope));
      return Array.isArray(of) ? of.includes(item) : Object.hasOwn(dictionary(of), String(item));
    }
    case "choice":
      return evaluate(evaluate(expression.condition, scope) === true ? expression.yes : expression.no, scope);
    case "hasattr":
      return hasAttribute(evaluate(expression.of, scope), asValue(evaluate(expression.name, scope)));
    case "sorted": {
      const items = evaluate(expression.of, scope);
      if (!Array.isArray(items)) throw new Error("only lists and sets can be sorted");
      return [...items].sort();
    }
    case "comprehension":
      return comprehension(expression, scope);
  }
}

function comprehension({ set, item, variable, over, condition }: Comprehension, scope: Scope): Value[] {
  const groups = evaluate(over, scope);
  if (!(groups instanceof Groups)) throw new Error(`cannot iterate over "${variable}"`);
  const items = groups.names.flatMap((name) => {
    const inner: Scope = new Map(scope).set(variable, new Group(name));
    if (condition && evaluate(condition, inner) !== true) return [];
    return [asValue(evaluate(item, inner))];
  });
  return set ? [...new Set(items)] : items;
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

function hasAttribute(operand: Operand, name: Value): boolean {
  if (!(operand instanceof User)) throw new Error("only users can be asked what they have");
  if (name === "all_groups") return operand.facts.allGroups !== undefined;
  return name === "groups" || name === "ak_groups" || Object.hasOwn(operand.facts.attributes, String(name));
}

function call(operand: Operand, expression: Extract<Expression, { type: "call" }>, scope: Scope): Operand {
  const [prefix = ""] = expression.values.map((value) => String(asValue(evaluate(value, scope))));
  if (operand instanceof User && expression.method === "all_groups" && operand.facts.allGroups) {
    return new Groups(operand.facts.allGroups);
  }
  if (operand instanceof Groups) {
    if (expression.method === "all") return operand;
    if (expression.method === "filter") return filterGroups(operand, expression, scope);
  }
  if (typeof operand === "string" && expression.method === "removeprefix")
    return operand.startsWith(prefix) ? operand.slice(prefix.length) : operand;
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
    if (lookup === "name__startswith") names = names.filter((name) => name.startsWith(wanted));
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

function dictionary(operand: Operand): { [key: string]: Value } {
  if (isDictionary(operand)) return operand;
  throw new Error("only a dictionary has named items");
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
