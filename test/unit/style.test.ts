import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { projectRoot } from "../../cli/paths";

const folders = ["cli", "components", "config", "lab", "providers"];
const [, phrases = ""] =
  /r"\.\*(.+)\.\*"/.exec(readFileSync(join(projectRoot, "docs/style/words.grit"), "utf8")) ?? [];
const refused = new RegExp(phrases);

const inOneLine = (text: string) => text.replace(/\s*\n\s*\*?\s*/g, " ");

/** Comments of a file that contain a refused phrase. Only files with such a phrase are parsed. */
function refusedComments(path: string, text: string): string[] {
  if (!refused.test(inOneLine(text))) return [];
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const comments = new Set<string>();
  const visit = (node: ts.Node) => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    const children = node.getChildren(source);
    if (children.length > 0) return children.forEach(visit);
    const trivia = text.slice(node.pos, node.getStart(source));
    for (const [comment] of trivia.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*/g)) comments.add(comment);
  };
  visit(source);
  return [...comments]
    .filter((comment) => !comment.includes("biome-ignore"))
    .filter((comment) => refused.test(inOneLine(comment)))
    .map((comment) => `${path}: ${comment}`);
}

test("no comment has a phrase that the style guide refuses", () => {
  assert.notEqual(phrases, "");
  const found = folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(ts|cjs|mjs)$/.test(file))
      .flatMap((file) => {
        const path = join(folder, file);
        return refusedComments(path, readFileSync(join(projectRoot, path), "utf8"));
      }),
  );
  assert.deepEqual(found, []);
});

test("a refused phrase is found in a comment, and not in code", () => {
  const comment = "// It is made anew.";
  assert.deepEqual(refusedComments("a.ts", `${comment}\nconst anew = "made anew";\n`), [`a.ts: ${comment}`]);
});
