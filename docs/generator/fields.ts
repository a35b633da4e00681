import ts from "typescript";
import { type Comment, commentOf, declarationOf, nameOf, sourceOf } from "./source";

/** The comments on the fields of a file's `inputs`, by path: `signedBy.certificate`. */
export function commentsOnFields(file: string): ReadonlyMap<string, Comment> {
  const comments = new Map<string, Comment>();
  const declaration = declarationOf(sourceOf(file), "inputs", ts.isVariableDeclaration);
  if (!declaration) throw new Error(`${file} has no constant \`inputs\`.`);
  collect(declaration, "", comments);
  return comments;
}

function collect(node: ts.Node, prefix: string, comments: Map<string, Comment>): void {
  for (const property of fieldsIn(node)?.properties ?? []) {
    const path = `${prefix}${nameOf(property)}`;
    const own = commentOf(property);
    const value = initializerOf(property);
    const shared = value && ts.isIdentifier(value) ? declared(value) : undefined;
    comments.set(path, own.text === "" && shared ? commentOf(shared) : own);
    if (value) collect(shared ?? value, `${path}.`, comments);
  }
}

function initializerOf(property: ts.ObjectLiteralElementLike): ts.Expression | undefined {
  if (ts.isShorthandPropertyAssignment(property)) return property.name;
  return ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

function declared(name: ts.Identifier): ts.VariableDeclaration | undefined {
  return declarationOf(name.getSourceFile(), name.text, ts.isVariableDeclaration);
}

/** The fields of the first `z.object({ … })` in an expression, or in a constant that it is made of. */
function fieldsIn(node: ts.Node): ts.ObjectLiteralExpression | undefined {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const [fields] = /^(strictO|looseO|o)bject$/.test(node.expression.name.text) ? node.arguments : [];
    if (fields && ts.isObjectLiteralExpression(fields)) return fields;
  }
  if (ts.isIdentifier(node)) {
    const isName = ts.isVariableDeclaration(node.parent) && node.parent.name === node;
    const constant = isName ? undefined : declared(node);
    return constant && fieldsIn(constant);
  }
  return ts.forEachChild(node, fieldsIn);
}
