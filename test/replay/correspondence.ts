import { isRecord } from "./exchange";
import {
  fitsPlaceholder,
  fixedLengthFields,
  generatedFields,
  numberedKind,
  patternOf,
  randomNonce,
  timeFields,
  tokensOf,
} from "./kinds";

export interface Difference {
  where: string;
  recorded: unknown;
  actual: unknown;
}

/** Maps recorded values to a simulator's values. Each comparison adds some. */
export class Correspondence {
  private readonly actualOf = new Map<string, unknown>();
  private readonly recordedOf = new Map<string, unknown>();
  private readonly placeholders = new Map<string, string>();
  private base: Correspondence | undefined;

  /** `hasNoOrder` selects the lists that the real server returns in any order. */
  constructor(private readonly hasNoOrder: (field: string) => boolean) {}

  /** A copy that knows the same, and keeps what it learns to itself. */
  fork(): Correspondence {
    const fork = new Correspondence(this.hasNoOrder);
    fork.base = this;
    return fork;
  }

  setPlaceholder(name: string, value: string): void {
    this.placeholders.set(name, value);
  }

  /** A recorded text in the form in which the simulator must receive it. */
  translate(text: string, unknownPlaceholder: (name: string) => string): string {
    return tokensOf(text)
      .map((token) => {
        if (typeof token === "string") return token;
        if (token.kind === "placeholder") {
          return this.placeholders.get(token.text) ?? unknownPlaceholder(token.text);
        }
        return String(this.actualOf.get(`${token.kind} ${token.text}`) ?? token.text);
      })
      .join("");
  }

  /** The simulator's integer key of a recorded provider or user. */
  number(kind: string, recorded: number): number {
    const actual = this.actualOf.get(`${kind} ${recorded}`);
    return typeof actual === "number" ? actual : recorded;
  }

  compare(
    recorded: unknown,
    actual: unknown,
    where = "",
    field = "",
    parent: Record<string, unknown> = {},
  ): Difference[] {
    const different = [{ where, recorded, actual }];
    if (Array.isArray(recorded)) {
      if (!Array.isArray(actual) || recorded.length !== actual.length) return different;
      return this.compareLists(recorded, actual, where, field, parent);
    }
    if (isRecord(recorded))
      return isRecord(actual) ? this.compareObjects(recorded, actual, where) : different;
    if (typeof recorded !== typeof actual || recorded === null || actual === null) {
      return recorded === actual ? [] : different;
    }
    if (typeof recorded === "string" && typeof actual === "string") {
      return this.areAlike(recorded, actual, field) ? [] : different;
    }
    if (timeFields.has(field)) return [];
    const kind = typeof recorded === "number" ? numberedKind(field, parent) : undefined;
    if (kind !== undefined) return this.pair(kind, recorded, actual) ? [] : different;
    return recorded === actual ? [] : different;
  }

  private compareObjects(
    recorded: Record<string, unknown>,
    actual: Record<string, unknown>,
    where: string,
  ): Difference[] {
    const names = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
    const fields = [...names].flatMap((name) =>
      this.compare(recorded[name], actual[name], `${where}/${name}`, name, recorded),
    );
    return [...fields, ...this.compareLifetimes(recorded, actual, where)];
  }

  /** The time of a token's creation differs, and its lifetime does not. */
  private compareLifetimes(
    recorded: Record<string, unknown>,
    actual: Record<string, unknown>,
    where: string,
  ): Difference[] {
    if (typeof recorded.exp !== "number") return [];
    const lifetime = ({ exp, iat }: Record<string, unknown>) => Number(exp) - Number(iat);
    const isAfterLogin = ({ auth_time, iat }: Record<string, unknown>) =>
      auth_time === undefined || Number(auth_time) <= Number(iat);
    return [
      ...this.compare(lifetime(recorded), lifetime(actual), `${where}/exp - iat`),
      ...this.compare(isAfterLogin(recorded), isAfterLogin(actual), `${where}/auth_time`),
    ];
  }

  private compareLists(
    recorded: unknown[],
    actual: unknown[],
    where: string,
    field: string,
    parent: Record<string, unknown>,
  ): Difference[] {
    const candidates = this.hasNoOrder(field)
      ? this.inRecordedOrder(recorded, actual, field, parent)
      : actual;
    return recorded.flatMap((item, index) =>
      this.compare(item, candidates[index], `${where}/${index}`, field, parent),
    );
  }

  /** The actual items, each next to the recorded one that it equals. The others fill the gaps. */
  private inRecordedOrder(
    recorded: unknown[],
    actual: unknown[],
    field: string,
    parent: Record<string, unknown>,
  ): unknown[] {
    const rest = [...actual];
    const partners = recorded.map((item) => {
      const index = rest.findIndex((candidate) => this.wouldMatch(item, candidate, field, parent));
      return index < 0 ? undefined : { item: rest.splice(index, 1)[0] };
    });
    return partners.map((partner) => (partner === undefined ? rest.shift() : partner.item));
  }

  /** Compares without learning. */
  private wouldMatch(
    recorded: unknown,
    actual: unknown,
    field: string,
    parent: Record<string, unknown>,
  ): boolean {
    return this.fork().compare(recorded, actual, "", field, parent).length === 0;
  }

  private areAlike(recorded: string, actual: string, field: string): boolean {
    if (generatedFields.has(field)) {
      const hasLength = fixedLengthFields.has(field) ? actual.length === recorded.length : actual !== "";
      return hasLength && this.pair(field, recorded, actual);
    }
    if (field === "nonce" && randomNonce.test(recorded)) {
      return randomNonce.test(actual) && this.pair(field, recorded, actual);
    }
    if (field === "scope") return sorted(recorded) === sorted(actual);
    const tokens = tokensOf(recorded);
    if (tokens.length === 1) return recorded === actual;
    const captured = patternOf(tokens).exec(actual);
    if (captured === null) return false;
    const named = tokens.filter((token) => typeof token !== "string");
    return named.every((token, index) => {
      const value = captured[index + 1] ?? "";
      if (token.kind === "placeholder") {
        if (!fitsPlaceholder(token.text, value)) return false;
        this.placeholders.set(token.text, value);
      }
      return !token.isName || this.pair(token.kind, token.text, value);
    });
  }

  /** Whether the two can be a pair: neither is paired with another value. */
  private pair(kind: string, recorded: unknown, actual: unknown): boolean {
    const known = this.lookUp("actualOf", `${kind} ${recorded}`);
    const knownBack = this.lookUp("recordedOf", `${kind} ${actual}`);
    if (known === undefined && knownBack === undefined) {
      this.actualOf.set(`${kind} ${recorded}`, actual);
      this.recordedOf.set(`${kind} ${actual}`, recorded);
      return true;
    }
    return known === actual && knownBack === recorded;
  }

  private lookUp(side: "actualOf" | "recordedOf", key: string): unknown {
    return this[side].get(key) ?? this.base?.lookUp(side, key);
  }
}

const sorted = (words: string) => words.split(" ").sort().join(" ");
