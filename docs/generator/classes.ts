import ts from "typescript";
import { commentOf, declarationOf, nameOf, sourceOf } from "./source";
import type { Row } from "./table";

export function classOf(source: ts.SourceFile, name: string): ts.ClassDeclaration {
  const found = declarationOf(source, name, ts.isClassDeclaration);
  if (!found) throw new Error(`${source.fileName} has no class ${name}.`);
  return found;
}

/** The outputs of a resource or component: its public properties, some of which are inputs. */
export function outputsOf(file: string, name: string, inputs: readonly string[] = []): Row[] {
  const declared = classOf(sourceOf(file), name);
  const promised = interfacesOf(declared);
  return declared.members.filter(ts.isPropertyDeclaration).map((property) => {
    const output = nameOf(property) ?? "";
    const said = [property, ...promised.filter((member) => nameOf(member) === output)].map(
      (member) => commentOf(member).text,
    );
    const meaning = said.find((text) => text !== "") ?? (inputs.includes(output) ? "The input." : "");
    if (meaning === "") throw new Error(`${file}: say by a comment what ${name}'s \`${output}\` is.`);
    return { output: `\`${output}\``, type: `\`${typeText(property.type)}\``, meaning };
  });
}

/** The members of the interfaces that a class implements. */
function interfacesOf(declared: ts.ClassDeclaration): ts.TypeElement[] {
  const names = (declared.heritageClauses ?? [])
    .filter(({ token }) => token === ts.SyntaxKind.ImplementsKeyword)
    .flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
  return names.flatMap((name) => [
    ...(declarationOf(declared.getSourceFile(), name, ts.isInterfaceDeclaration)?.members ?? []),
  ]);
}

/** A type as TypeScript has it, without the name of Pulumi's module. */
export function typeText(type: ts.TypeNode | undefined): string {
  return (type?.getText() ?? "").replaceAll("pulumi.", "").replace(/\s+/g, " ");
}
