import ts from "typescript";
import { classOf, outputsOf, typeText } from "./classes";
import { resources } from "./resources";
import { commentOf, declarationOf, nameOf, sourceOf } from "./source";
import { type Row, sentences, table } from "./table";

interface Documented {
  readonly title: string;
  readonly file: string;
  /** Where the arguments are, if not in `file`. */
  readonly argsFile?: string;
  readonly args: string;
  /** The class or function that takes them. */
  readonly taker: string;
}

const documented: readonly Documented[] = [
  {
    title: "ProxmoxAuthentikSso",
    file: "components/proxmoxAuthentikSso.ts",
    args: "ProxmoxAuthentikSsoArgs",
    taker: "ProxmoxAuthentikSso",
  },
  {
    title: "AuthentikStack",
    file: "components/authentikStack.ts",
    argsFile: "components/authentikStackArgs.ts",
    args: "AuthentikStackArgs",
    taker: "AuthentikStack",
  },
  {
    title: "existingAuthentik",
    file: "components/authentikServer.ts",
    args: "ExistingAuthentikArgs",
    taker: "existingAuthentik",
  },
];

export function componentSections(): string {
  return documented.map(section).join("\n");
}

function section({ title, file, argsFile = file, args, taker }: Documented): string {
  const source = sourceOf(file);
  const isClass = declarationOf(source, taker, ts.isClassDeclaration) !== undefined;
  const node = isClass ? classOf(source, taker) : declarationOf(source, taker, ts.isFunctionDeclaration);
  const { text = "" } = node ? commentOf(node) : {};
  const declaration = declarationOf(sourceOf(argsFile), args, ts.isInterfaceDeclaration);
  if (!declaration) throw new Error(`${argsFile} has no ${args}.`);
  const rows = argumentRows(declaration.members, "");
  const outputs = isClass ? `\n${table(["output", "type", "meaning"], outputsOf(file, taker))}` : "";
  return `## ${title}\n\n${text}\n\n${table(["argument", "type", "default", "meaning"], rows)}${outputs}`;
}

function argumentRows(members: readonly ts.TypeElement[], prefix: string, required = "required"): Row[] {
  return members.filter(ts.isPropertySignature).flatMap((member) => {
    const path = `${prefix}${nameOf(member)}`;
    const { text, fallback } = commentOf(member);
    if (!text && !fallback) throw new Error(`Say by a comment what the argument \`${path}\` means.`);
    const inner = membersOf(member.type);
    const isChoice = member.type !== undefined && ts.isUnionTypeNode(member.type);
    return [
      {
        argument: `\`${path}\``,
        type: inner.length > 0 ? objectType(member.type) : `\`${plainType(member.type)}\``,
        default: member.questionToken ? inCode(fallback) : required,
        meaning: sentences(text, ...optionsOf(member.type)),
      },
      ...argumentRows(
        inner,
        isList(member.type) ? `${path}[].` : `${path}.`,
        isChoice ? "one of the forms" : "required",
      ),
    ];
  });
}

function objectType(type: ts.TypeNode | undefined): string {
  return isList(type) ? "list: object" : "object";
}

function isList(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && ts.isArrayTypeNode(type);
}

/** A default of one word is a value. */
function inCode(fallback: string | undefined): string | undefined {
  return fallback && /^[^\s`]+$/.test(fallback) ? `\`${fallback}\`` : fallback;
}

function plainType(type: ts.TypeNode | undefined): string {
  return optionsOf(type).length > 0 ? "object" : typeText(type).replace(/ \| undefined$/, "");
}

/** The members of an object type: of a literal, of one of our interfaces, and of all parts of a union or intersection. */
function membersOf(type: ts.TypeNode | undefined): readonly ts.TypeElement[] {
  if (!type) return [];
  if (ts.isTypeLiteralNode(type)) return type.members;
  if (ts.isArrayTypeNode(type)) return membersOf(type.elementType);
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(membersOf);
  if (!ts.isTypeReferenceNode(type)) return [];
  const name = type.typeName.getText();
  // An authentik to use is made, not written down.
  if (name === "AuthentikServer") return [];
  return declarationOf(type.getSourceFile(), name, ts.isInterfaceDeclaration)?.members ?? [];
}

/** Where the options are described that a resource's arguments are taken over from. */
function optionsOf(type: ts.TypeNode | undefined): string[] {
  const [, chosen, name = "", names = ""] =
    /(Omit|Pick)<\s*(\w+)Args,\s*([^>]+?)\s*>/.exec(type?.getText() ?? "") ?? [];
  if (!chosen) return [];
  const server = Object.keys(resources).find((key) => name in (resources[key] ?? {}));
  const link = `[${name}](${server}.md#${name.toLowerCase()})`;
  const listed = names.replace(/"(\w+)"/g, "`$1`").replaceAll(" | ", ", ");
  return [chosen === "Pick" ? `Of ${link}: ${listed}.` : `Options of ${link}, all but ${listed}.`];
}
