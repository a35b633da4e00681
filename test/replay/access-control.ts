import { randomUUID } from "node:crypto";
import { Agent } from "node:https";
import type { AclLine } from "../../lab/access-control/acl-file";
import type { products } from "../../lab/access-control/products";
import type { Section } from "../../lab/access-control/sections";
import { type RunningAccessControl, seedToken, startAccessControl } from "../../lab/access-control/server";
import { Correspondence, type Difference } from "./correspondence";
import type { Answer, Exchange } from "./exchange";
import { send } from "./http";

const rootPassword = "root-password";

/** These servers return lists in any order. */
export function newCorrespondence(): Correspondence {
  return new Correspondence(() => true);
}

export interface AccessControlAnswer extends Answer {
  /** Differences between the server's files and the recorded ones after this write. */
  files: unknown;
}

export function compareAnswers(
  correspondence: Correspondence,
  { status, answerHeaders, answer }: Exchange,
  actual: AccessControlAnswer,
): Difference[] {
  return correspondence.compare(
    {
      status,
      type: answerHeaders["content-type"],
      cookie: answerHeaders["set-cookie"],
      body: answer ?? "",
      files: [],
    },
    {
      status: actual.status,
      type: actual.headers["content-type"],
      cookie: actual.headers["set-cookie"],
      body: actual.body,
      files: actual.files,
    },
  );
}

export class AccessControlReplay {
  readonly correspondence = newCorrespondence();
  private readonly agent: Agent;
  /** A user that the recorder created to check the name, and then removed. */
  private trial: string | undefined;

  private constructor(private readonly running: RunningAccessControl) {
    this.agent = new Agent({ keepAlive: true, ca: running.caPem });
  }

  static async start(product: keyof typeof products): Promise<AccessControlReplay> {
    const running = await startAccessControl({ product, port: 0, rootPassword, authenticationDelayMs: 0 });
    const replay = new AccessControlReplay(running);
    replay.correspondence.setPlaceholder("<ROOT-PASSWORD>", rootPassword);
    return replay;
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.running.close();
  }

  async answerTo(exchange: Exchange): Promise<AccessControlAnswer> {
    if (isTooEarly(exchange)) return { status: 0, reason: "", headers: {}, body: "", files: [] };
    this.makeWhatWasNotRecorded(exchange);
    const translate = (text: string) => this.correspondence.translate(text, (name) => name);
    const { method, path, headers, body } = exchange;
    const sent = {
      method,
      path,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, translate(value)])),
      body: typeof body === "string" ? translate(body) : undefined,
    };
    const answer = await send(this.running.url, sent, this.agent);
    return { ...answer, files: this.compareFiles(exchange) };
  }

  /** Tokens of some administrators, and a user without rights; a restart; and what was cleaned up. */
  private makeWhatWasNotRecorded({ file, headers, body }: Exchange): void {
    const { store, product } = this.running.node;
    const form = new URLSearchParams(typeof body === "string" ? body : "");
    if (this.trial !== undefined) store.users.delete(this.trial);
    this.trial = file.includes("-user-id-") ? (form.get("userid") ?? undefined) : undefined;
    if (file.endsWith("-after-restart-builtin-is-back")) {
      const options = { comment: product.ownRealmComment, type: product.ownRealm };
      store.realms.set({ type: product.ownRealm, id: product.ownRealm, options });
    }
    if (file.endsWith("-no-privileges-version")) store.acl.remove(({ id }) => id === "alice@corp");
    const [, caller = ""] = /^P(?:BS|DM)APIToken=(.+?):/.exec(headers.authorization ?? "") ?? [];
    for (const id of [caller, form.get("auth-id") ?? ""]) {
      if (!/!x\d+$|^only@/.test(id) || store.secrets.has(id)) continue;
      const secret = randomUUID();
      seedToken(this.running.node, `${id}:${secret}`);
      this.correspondence.setPlaceholder(`<TOKEN-SECRET-${id}>`, secret);
      if (!id.startsWith("only@")) continue;
      store.users.set({ type: "user", id: id.replace(/!.*/, ""), options: {} });
      store.acl.remove((line) => line.id === id);
    }
  }

  /**
   * Takes over the files of the recorded server after a write. Objects that were removed without a recording
   * may stay, except the one of the request.
   */
  private compareFiles({ files = {}, path, body }: Exchange): unknown[] {
    const { realms, users, acl } = this.running.node.store;
    const form = new URLSearchParams(typeof body === "string" ? body : "");
    const subject =
      form.get("realm") ?? form.get("userid") ?? decodeURIComponent(path.replace(/^.*\/|\?.*/g, ""));
    return Object.entries(files).flatMap(([file, text]) => {
      if (file.endsWith("/acl.cfg")) {
        const recorded = linesIn(text);
        const isAsked = ({ path: at, id }: AclLine) => at === form.get("path") && id === form.get("auth-id");
        const different = differencesOf(recorded, acl.all, isAsked);
        acl.replaceAll(recorded);
        return different;
      }
      const stored = file.endsWith("/domains.cfg") ? realms : file.endsWith("/user.cfg") ? users : undefined;
      if (stored === undefined) return [];
      const recorded = sectionsIn(this.correspondence.translate(text, String));
      const different = differencesOf(recorded, stored.all, ({ id }: Section) => id === subject);
      stored.replaceAll(recorded);
      return different;
    });
  }
}

/** Rights that the recorded server did not know yet, and the simulator knows at once. */
export function isTooEarly({ file }: Exchange): boolean {
  return file.includes("-at-once");
}

/** Recorded and not stored fields, and stored and not recorded fields of the subject. */
function differencesOf<Item>(
  recorded: readonly Item[],
  stored: readonly Item[],
  isSubject: (item: Item) => boolean,
): unknown[] {
  const text = (item: Item) => JSON.stringify(item, Object.keys(flat(item)).sort());
  const [of, as] = [new Set(recorded.map(text)), new Set(stored.map(text))];
  return [
    ...recorded.filter((item) => isSubject(item) && !as.has(text(item))).map((item) => ({ lacks: item })),
    ...stored.filter((item) => isSubject(item) && !of.has(text(item))).map((item) => ({ has: item })),
  ];
}

function flat(item: unknown): Record<string, unknown> {
  const { options, ...others } = Object(item);
  return { ...others, options, ...options };
}

function sectionsIn(text: string): Section[] {
  return text
    .split(/\n\n/)
    .filter((section) => section.trim() !== "")
    .map((section) => {
      const [head = "", ...lines] = section.replace(/\n$/, "").split("\n");
      const [, type = "", id = ""] = /^(\S+): (.*)$/.exec(head) ?? [];
      return { type, id, options: Object.fromEntries(lines.map(optionIn)) };
    });
}

function optionIn(line: string): [string, string | number | boolean] {
  const [, name = "", text = ""] = /^\t(\S+) (.*)$/.exec(line) ?? [];
  if (name === "expire") return [name, Number(text)];
  const isFlag = ["autocreate", "default", "enable"].includes(name);
  return [name, isFlag ? text === "true" : text.trim()];
}

function linesIn(text: string): AclLine[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [, propagate, path = "", ids = "", roles = ""] = line.split(":");
      return ids
        .split(",")
        .flatMap((id) => roles.split(",").map((role) => ({ path, id, role, propagate: propagate === "1" })));
    });
}
