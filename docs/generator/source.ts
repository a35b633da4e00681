import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { projectRoot } from "../../cli/paths";

const parsed = new Map<string, ts.SourceFile>();

/** A file of this repository, parsed; its types are not looked at. */
export function sourceOf(file: string): ts.SourceFile {
  const known = parsed.get(file);
  if (known) return known;
  const text = readFileSync(join(projectRoot, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

/** A declaration at the top of a file, or of the file that it is imported from. */
export function declarationOf<Kind extends ts.Node>(
  source: ts.SourceFile,
  name: string,
  is: (node: ts.Node) => node is Kind,
): Kind | undefined {
  for (const statement of source.statements) {
    const candidates: readonly ts.Node[] = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations
      : [statement];
    for (const node of candidates) if (is(node) && nameOf(node) === name) return node;
    const file = importedFrom(statement, name);
    if (file) return declarationOf(sourceOf(join(dirname(source.fileName), `${file}.ts`)), name, is);
  }
  return undefined;
}

/** Of a declaration, member or property, where it is a plain one. */
export function nameOf(node: ts.Node): string | undefined {
  const { name } = node as ts.Node & { name?: ts.Node };
  return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
}

function importedFrom(statement: ts.Statement, name: string): string | undefined {
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return undefined;
  const names = statement.importClause?.namedBindings;
  const file = statement.moduleSpecifier.text;
  if (!names || !ts.isNamedImports(names) || !file.startsWith(".")) return undefined;
  return names.elements.some((element) => element.name.text === name) ? file : undefined;
}

export interface Comment {
  readonly text: string;
  /** What `@default` says, where the code does not. */
  readonly fallback: string | undefined;
}

/** The TSDoc of a declaration, in one line. */
export function commentOf(node: ts.Node): Comment {
  const documented = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const [comment] = ts.getJSDocCommentsAndTags(documented).filter(ts.isJSDoc);
  const tag = comment?.tags?.find(({ tagName }) => tagName.text === "default");
  return { text: oneLine(comment?.comment), fallback: tag && oneLine(tag.comment) };
}

function oneLine(comment: Parameters<typeof ts.getTextOfJSDocComment>[0]): string {
  return (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
}
