import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";
import { configKey, configSchema, secretKeys } from "../../config/schema";
import { formsOf } from "./form";
import { declarationOf, nameOf, sourceOf } from "./source";
import { type Row, refusals, sentences, shown, table } from "./table";

const projectFile = z.object({ config: z.record(z.string(), z.object({ description: z.string() })) });

const headings = ["key", "type", "default", "meaning"];

/** The keys of a stack's config, in the groups of the schema. */
export function configSections(): string {
  const text = readFileSync(join(projectRoot, "Pulumi.yaml"), "utf8");
  const described = projectFile.parse(parse(text)).config;
  const secret: readonly string[] = secretKeys;
  const forms = formsOf(configSchema);
  const credentials = credentialComments(text);
  const row = (key: string): Row => {
    const form = forms.get(key);
    const fullKey = configKey(key);
    const description = described[key]?.description ?? credentials.get(fullKey);
    if (!form || !description) throw new Error(`Pulumi.yaml does not say what ${fullKey} is.`);
    const { meaning, fallback } = withoutDefault(description);
    return {
      key: `\`${fullKey}\``,
      type: secret.includes(key) ? `${form.type}; secret` : form.type,
      default: fallback ?? shown(form.fallback),
      meaning: sentences(meaning, refusals(form)),
    };
  };
  const others = [...credentials]
    .filter(([key]) => !Object.keys(configSchema.shape).map(configKey).includes(key))
    .map(([key, meaning]) => ({ key: `\`${key}\``, meaning }));
  return [
    ...[...groups()].map(([title, keys]) => `## ${title}\n\n${table(headings, keys.map(row))}`),
    `## More keys of the plugin\n\n${table(headings, others)}`,
  ].join("\n");
}

/** Pulumi allows no description of keys in the plugin's namespace: comments in Pulumi.yaml have them. */
function credentialComments(text: string): ReadonlyMap<string, string> {
  const lines = [...text.matchAll(/^# {3}(pulumi-nodejs:\S+)\s+(.+)$/gm)];
  return new Map(lines.map(([, key = "", comment = ""]) => [key, comment]));
}

/** A default that the program derives, which the schema does not have. */
function withoutDefault(description: string): { meaning: string; fallback: string | undefined } {
  const [sentence = "", fallback] = / ?Default: (.+?)\.(?= |$)/.exec(description) ?? [];
  return { meaning: description.replace(sentence, ""), fallback };
}

/** The schema's keys by the comment above the first of each group. */
function groups(): Map<string, string[]> {
  const source = sourceOf("config/schema.ts");
  const schema = declarationOf(source, "configSchema", ts.isVariableDeclaration);
  const call = schema?.initializer;
  const [fields] = call && ts.isCallExpression(call) ? call.arguments : [];
  const found = new Map<string, string[]>();
  for (const field of fields && ts.isObjectLiteralExpression(fields) ? fields.properties : []) {
    const [title = [...found.keys()].at(-1) ?? ""] = titlesAbove(source.text, field.pos);
    found.set(title, [...(found.get(title) ?? []), nameOf(field) ?? ""]);
  }
  return found;
}

function titlesAbove(text: string, position: number): string[] {
  const comments = ts.getLeadingCommentRanges(text, position) ?? [];
  return comments
    .map(({ pos, end }) => text.slice(pos, end))
    .filter((comment) => comment.startsWith("// "))
    .map((comment) => comment.slice(3));
}
