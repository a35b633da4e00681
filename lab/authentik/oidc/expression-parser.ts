import type { Value } from "./expression";

export type Expression =
  | { type: "literal"; value: Value }
  | { type: "list"; items: Expression[] }
  | { type: "dictionary"; entries: [string, Expression][] }
  | { type: "name"; name: string }
  | { type: "attribute"; of: Expression; name: string }
  | { type: "item"; of: Expression; key: Expression }
  | { type: "in"; item: Expression; of: Expression }
  | { type: "choice"; condition: Expression; yes: Expression; no: Expression }
  | { type: "hasattr"; of: Expression; name: Expression }
  | { type: "sorted"; of: Expression }
  | { type: "call"; of: Expression; method: string; values: Expression[]; named: [string, Expression][] }
  | Comprehension;

export interface Comprehension {
  type: "comprehension";
  /** Whether duplicates are removed, as in a set. */
  set: boolean;
  item: Expression;
  variable: string;
  over: Expression;
  condition?: Expression;
}

interface Program {
  assignments: [string, Expression][];
  returned: Expression;
}

const TOKEN = /\s+|#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\d+(?:\.\d+)?|[A-Za-z_]\w*|[()[\]{}:,.=]/y;
const CONSTANTS: Record<string, Value> = { True: true, False: false, None: null };

/** Parses assignments and one `return <expression>`. Any other Python is an error with its position. */
export function parseExpression(source: string): Program {
  const parser = new Parser(tokenize(source));
  const assignments: [string, Expression][] = [];
  while (!parser.accept("return")) assignments.push(parser.assignment());
  const returned = parser.expression();
  parser.expectEnd();
  return { assignments, returned };
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (!match) throw new Error(`not understood: ${source.slice(start, start + 20)}`);
    if (!/^[\s#]/.test(match[0])) tokens.push(match[0]);
  }
  return tokens;
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: string[]) {}

  accept(token: string): boolean {
    if (this.next() !== token) return false;
    this.position += 1;
    return true;
  }

  expectEnd(): void {
    if (this.next() !== undefined) throw new Error(`nothing may follow the returned value: "${this.next()}"`);
  }

  assignment(): [string, Expression] {
    const name = this.take();
    if (!isName(name)) throw new Error(`expected "return" or an assignment before "${name}"`);
    this.expect("=");
    return [name, this.expression()];
  }

  expression(): Expression {
    const yes = this.comparison();
    if (!this.accept("if")) return yes;
    const condition = this.comparison();
    this.expect("else");
    return { type: "choice", condition, yes, no: this.expression() };
  }

  private comparison(): Expression {
    const item = this.operand();
    return this.accept("in") ? { type: "in", item, of: this.operand() } : item;
  }

  private operand(): Expression {
    let expression = this.atom();
    for (;;) {
      if (this.accept(".")) expression = this.member(expression);
      else if (this.accept("[")) {
        expression = { type: "item", of: expression, key: this.expression() };
        this.expect("]");
      } else return expression;
    }
  }

  private member(of: Expression): Expression {
    const name = this.take();
    return this.accept("(")
      ? { type: "call", of, method: name, ...this.callArguments() }
      : { type: "attribute", of, name };
  }

  private atom(): Expression {
    const token = this.take();
    if (token === "{") return this.braces();
    if (token === "[") return this.list();
    if (/^["']/.test(token)) return { type: "literal", value: unquote(token) };
    if (/^\d/.test(token)) return { type: "literal", value: Number(token) };
    const constant = CONSTANTS[token];
    if (constant !== undefined) return { type: "literal", value: constant };
    if (token === "sorted" && this.accept("(")) {
      const of = this.expression();
      this.expect(")");
      return { type: "sorted", of };
    }
    if (token === "hasattr" && this.accept("(")) {
      const of = this.expression();
      this.expect(",");
      const name = this.expression();
      this.expect(")");
      return { type: "hasattr", of, name };
    }
    if (isName(token)) return { type: "name", name: token };
    throw new Error(`unexpected "${token}"`);
  }

  /** A dictionary, or a set comprehension. */
  private braces(): Expression {
    const entries: [string, Expression][] = [];
    while (!this.accept("}")) {
      const key = this.operand();
      if (entries.length === 0 && this.accept("for")) return this.comprehension(key, "}");
      if (key.type !== "literal" || typeof key.value !== "string") throw new Error("expected a quoted key");
      this.expect(":");
      entries.push([key.value, this.expression()]);
      if (this.next() !== "}") this.expect(",");
    }
    return { type: "dictionary", entries };
  }

  private list(): Expression {
    const items: Expression[] = [];
    while (!this.accept("]")) {
      const item = this.expression();
      if (items.length === 0 && this.accept("for")) return this.comprehension(item, "]");
      items.push(item);
      if (this.next() !== "]") this.expect(",");
    }
    return { type: "list", items };
  }

  private comprehension(item: Expression, end: "]" | "}"): Expression {
    const variable = this.take();
    this.expect("in");
    const over = this.comparison();
    const condition = this.accept("if") ? this.comparison() : undefined;
    this.expect(end);
    return { type: "comprehension", set: end === "}", item, variable, over, ...(condition && { condition }) };
  }

  private callArguments(): { values: Expression[]; named: [string, Expression][] } {
    const values: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.accept(")")) {
      if (this.tokens[this.position + 1] === "=") {
        const name = this.take();
        this.expect("=");
        named.push([name, this.expression()]);
      } else {
        values.push(this.expression());
      }
      if (this.next() !== ")") this.expect(",");
    }
    return { values, named };
  }

  private next(): string | undefined {
    return this.tokens[this.position];
  }

  private take(): string {
    const token = this.next();
    if (token === undefined) throw new Error("it ends too early");
    this.position += 1;
    return token;
  }

  private expect(token: string): void {
    if (!this.accept(token)) throw new Error(`expected "${token}" before "${this.next() ?? "the end"}"`);
  }
}

function isName(token: string): boolean {
  return /^[A-Za-z_]/.test(token);
}

function unquote(token: string): string {
  return token.slice(1, -1).replace(/\\(.)/g, "$1");
}
