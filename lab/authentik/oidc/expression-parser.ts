import type { Value } from "./expression";

export type Expression =
  | { type: "literal"; value: Value }
  | { type: "list"; items: Expression[] }
  | { type: "dictionary"; entries: [string, Expression][] }
  | { type: "name"; name: string }
  | { type: "attribute"; of: Expression; name: string }
  | { type: "call"; of: Expression; method: string; values: Expression[]; named: [string, Expression][] }
  | { type: "comprehension"; item: Expression; variable: string; over: Expression; condition?: Expression };

const TOKEN = /\s+|#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\d+(?:\.\d+)?|[A-Za-z_]\w*|[()[\]{}:,.=]/y;
const CONSTANTS: Record<string, Value> = { True: true, False: false, None: null };

/** Parses `return <expression>`; everything else of Python is an error that says where it stopped. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(tokenize(source));
  parser.expect("return");
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
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

  expect(token: string): void {
    if (!this.accept(token)) throw new Error(`expected "${token}" before "${this.next() ?? "the end"}"`);
  }

  expectEnd(): void {
    if (this.next() !== undefined) throw new Error(`nothing may follow the returned value: "${this.next()}"`);
  }

  expression(): Expression {
    let expression = this.atom();
    while (this.accept(".")) {
      const name = this.take();
      expression = this.accept("(")
        ? { type: "call", of: expression, method: name, ...this.callArguments() }
        : { type: "attribute", of: expression, name };
    }
    return expression;
  }

  private atom(): Expression {
    const token = this.take();
    if (token === "{") return this.dictionary();
    if (token === "[") return this.list();
    if (/^["']/.test(token)) return { type: "literal", value: unquote(token) };
    if (/^\d/.test(token)) return { type: "literal", value: Number(token) };
    const constant = CONSTANTS[token];
    if (constant !== undefined) return { type: "literal", value: constant };
    if (/^[A-Za-z_]/.test(token)) return { type: "name", name: token };
    throw new Error(`unexpected "${token}"`);
  }

  private dictionary(): Expression {
    const entries: [string, Expression][] = [];
    while (!this.accept("}")) {
      const key = unquote(this.take());
      this.expect(":");
      entries.push([key, this.expression()]);
      if (this.next() !== "}") this.expect(",");
    }
    return { type: "dictionary", entries };
  }

  private list(): Expression {
    const items: Expression[] = [];
    while (!this.accept("]")) {
      const item = this.expression();
      if (items.length === 0 && this.accept("for")) return this.comprehension(item);
      items.push(item);
      if (this.next() !== "]") this.expect(",");
    }
    return { type: "list", items };
  }

  private comprehension(item: Expression): Expression {
    const variable = this.take();
    this.expect("in");
    const over = this.expression();
    const condition = this.accept("if") ? this.expression() : undefined;
    this.expect("]");
    return { type: "comprehension", item, variable, over, ...(condition ? { condition } : {}) };
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

  private accept(token: string): boolean {
    if (this.next() !== token) return false;
    this.position += 1;
    return true;
  }
}

function unquote(token: string): string {
  if (!/^["']/.test(token)) throw new Error(`expected a quoted text instead of "${token}"`);
  return token.slice(1, -1).replace(/\\(.)/g, "$1");
}
