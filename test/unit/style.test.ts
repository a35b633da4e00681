import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../cli/paths";

const folders = ["cli", "components", "config", "docs", "lab", "providers", "test"];
const [, phrases = ""] =
  /r"\.\*(.+)\.\*"/.exec(readFileSync(join(projectRoot, "docs/style/words.grit"), "utf8")) ?? [];
const refused = new RegExp(phrases);
const testFunctions = /^(describe|it|suite|test)$/;

const inOneLine = (text: string) => text.replace(/\s*\n\s*\*?\s*/g, " ");

/** Comments and titles of tests with a refused phrase. Only files with such a phrase are parsed. */
function refusedTexts(path: string, text: string): string[] {
  if (!refused.test(inOneLine(text))) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const texts = new Set<string>();
  const visit = (node: ts.Node) => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const title = ts.isCallExpression(node) && testFunctions.test(node.expression.getText(source));
    if (title && node.arguments[0]) texts.add(node.arguments[0].getText(source));
    const children = node.getChildren(source);
    if (children.length > 0) return children.forEach(visit);
    const trivia = text.slice(node.pos, node.getStart(source));
    for (const [comment] of trivia.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)) texts.add(comment);
  };
  visit(source);
  return [...texts]
    .filter((found) => !found.includes("biome-ignore"))
    .filter((found) => refused.test(inOneLine(found)))
    .map((found) => `${path}: ${found}`);
}

test("no comment or test title has a phrase that the style guide refuses", () => {
  assert.notEqual(phrases, "");
  const found = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|cjs|mjs)$/.test(file))
      .flatMap((file) => {
        const path = join(folder, file);
        return refusedTexts(path, readFileSync(join(projectRoot, path), "utf8"));
      }),
  );
  assert.deepEqual(found, []);
});

/** The text of a literal. Texts that are joined with `+` are one text. Values in it are not counted. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join("");
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [textOf(node.left), textOf(node.right)];
  return left === undefined && right === undefined ? undefined : `${left ?? ""}${right ?? ""}`;
}

/** Texts above the limit of CONTRIBUTING.md. Texts of several lines are files and lists, not messages. */
function longTexts(path: string, text: string): string[] {
  if (!/.{350}|["`] \+\n/.test(text)) return [];
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const joined = textOf(node);
    if (joined === undefined) ts.forEachChild(node, visit);
    else if (joined.length > 350 && !joined.includes("\n")) found.push(`${path}: ${joined}`);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return found;
}

test("no message has more than 350 characters", () => {
  const found = ["cli", "components", "config", "providers"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) =>
        longTexts(join(folder, file), readFileSync(join(projectRoot, folder, file), "utf8")),
      ),
  );
  assert.deepEqual(found, []);
});

test("a long message is found, also in parts, and its values are not counted", () => {
  const part = "a".repeat(200);
  assert.equal(longTexts("a.ts", `f("${part}" +\n  \`\${b}${part}\`);\n`).length, 1);
  assert.deepEqual(longTexts("a.ts", `f("${part}" +\n  \`\${b("${part}")}\`);\n`), []);
});

test("a refused phrase is found in a comment and in a test title, and not in other code", () => {
  const comment = "// It is made anew.";
  const title = '"is made anew"';
  const text = `${comment}\nconst anew = "made anew";\ntest(${title}, () => {});\n`;
  assert.deepEqual(refusedTexts("a.ts", text), [`a.ts: ${comment}`, `a.ts: ${title}`]);
});
