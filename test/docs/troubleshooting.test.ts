import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../cli/paths";
import { read } from "./markdown";
import { patternOf, rows } from "./troubleshooting-rows";

/** Code that `up` and the lab's set-up run. The messages of other npm commands need no row. */
const folders = [
  "components",
  "config",
  "providers",
  "lab/docker",
  "lab/images",
  "lab/local",
  "lab/toolchain",
];
/** Messages that never appear alone: a prefix names the option, or the code catches them. */
const within: Readonly<Record<string, RegExp>> = {
  "a message that goes on": /^[\s….:;()]*$|^… after … s: …$|^…\. It has …\.$/,
  "an address, and the reason that refuses it": /^"…" …\.$/,
  "what a server said": /^Proxmox: …$|^…[.:]? …$/,
  "a part of the message about a pinned certificate": /^its SHA-256 fingerprint is …$/,
  "what broke a connection": /^socket hang up$|^the answer is not complete in time$|^the proxy …: …$/,
  "a group or role of somebody else that is looked for again":
    /^a (reused group|role of somebody else) is not changed/,
  "a step that a developer has left out":
    /step (has to come )?before|^usage: |^No image |^The image |^The stack's config has no/,
};

interface Message {
  readonly file: string;
  readonly text: string;
}

/** The texts that an expression can have, with … for values. */
function textsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join("")];
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    return textsOf(node.left).flatMap((left) => textsOf(node.right).map((right) => left + right));
  }
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  return ["…"];
}

function sourcesIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name));
}

/** The messages of each `new …Error`. */
function messagesIn(file: string): Message[] {
  const messages: Message[] = [];
  const visit = (node: ts.Node): void => {
    const [argument] = ts.isNewExpression(node) ? (node.arguments ?? []) : [];
    if (argument && ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) {
      messages.push(...textsOf(argument).map((text) => ({ file, text })));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return messages;
}

/** The messages in the first column of the page's tables. */
const entries = rows.flatMap((row) => row.entries);
const patterns = entries.map(patternOf);

test("docs/troubleshooting.md names each message by different words", () => {
  assert.ok(entries.length > 100, `${entries.length} entries`);
  assert.deepEqual(
    entries.filter((entry) => entry.replace(/[^a-zA-Z]/g, "").length < 3),
    [],
  );
});

test("docs/troubleshooting.md has every error message of an up and of the lab's set-up", () => {
  const messages = folders
    .flatMap(sourcesIn)
    // These messages follow a prefix that names the option.
    .filter((file) => !file.startsWith("providers/pki/"))
    .flatMap(messagesIn);
  assert.ok(messages.length > 90, `${messages.length} messages found`);
  const known = [...patterns, ...Object.values(within)];
  const missing = messages.filter(({ text }) => !known.some((pattern) => pattern.test(text)));
  assert.deepEqual(missing, [], "give each a row on the page");
});

/** Messages of Pulumi, npm, Docker and Proxmox, which are not in the code. */
const others = [
  /^user is not logged in/,
  /^no stack/,
  /passphrase/,
  /currently/,
  /could not find plugin/,
  /^failed to load plugin/,
  /^parsing plugin options/,
  /^Permission/,
  /^invalid privilege/,
  /^self-signed/,
  /^could not find an available, non-overlapping/,
  /^Pool overlaps/,
  /^pending operations/,
  /^401/,
];

test("docs/troubleshooting.md has no message that is not in the code", () => {
  const code = [...folders, "cli"]
    .flatMap(sourcesIn)
    .concat(
      "cli/run.mjs",
      ...["slower", "unbundled", "plugin"].map((name) => `providers/runtime/${name}.cjs`),
    )
    .map((file) => readFileSync(join(projectRoot, file), "utf8"))
    // Long messages consist of several literals, and code has its own escapes.
    .join("\n")
    .replace(/["`] \+\n\s*["`]/g, "")
    .replace(/\\([`"'])/g, "$1")
    .replace(/\$\{[^}]*\}/g, "…");
  const stale = entries.filter(
    (entry) => !others.some((pattern) => pattern.test(entry)) && !isIn(code, entry),
  );
  assert.deepEqual(stale, []);
});

/** Whether each part of an entry is in the code. Text in parentheses is ignored. */
function isIn(code: string, entry: string): boolean {
  const parts = entry.replace(/ ?\([^)]*\)/g, "…").split("…");
  return parts
    .map((part) => part.trim().replace(/^`|`$/g, ""))
    .every((part) => part === "" || code.includes(part));
}
