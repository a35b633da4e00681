import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { transpileModule } from "typescript";
import { parse } from "yaml";
import { projectRoot } from "../../cli/paths";
import { configFrom } from "../../config/load";
import { caKeys, configKey, configSchema } from "../../config/schema";
import { name as project } from "../../package.json";
import { credentialKey } from "../../providers/core/credentials";
import { timeoutKey } from "../../providers/http/timeout";
import { definitions } from "../../providers/registry";
import { deployed } from "../unit/config/right";
import { commandsOf } from "./commands";
import { blocksOf, linksOf, matches, pages, read, withoutBlocks } from "./markdown";
import { mistakesInDiagram } from "./mermaid";
import { mistakesIn as mistakesInNpm } from "./npm";
import { libraryKeys, mistakesIn as mistakesInConfig } from "./pulumi";

/** Not imported, because its types include those of browsers. */
const hcl: { parse(file: string, text: string): Promise<object> } = require("@cdktf/hcl2json");

const configKeys = [
  ...Object.keys(configSchema.shape).map(configKey),
  ...caKeys.map(credentialKey),
  timeoutKey,
  ...libraryKeys,
];

/** Anchors that GitHub generates for headings. */
function anchorsOf(markdown: string): string[] {
  return matches(withoutBlocks(markdown), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function assertLeadsSomewhere(page: string, link: string): void {
  if (/^[a-z]+:/.test(link)) {
    // Tests need no network, so only the form of the link is checked.
    assert.match(
      link,
      /^https:\/\/[a-z0-9.-]+\.[a-z]+(\/[^\s]*)?$|^https:\/\/localhost:\d+$/,
      `${link}: no https address`,
    );
    return;
  }
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  assert.ok(existsSync(join(projectRoot, target)), `${link}: no such file`);
  if (anchor) assert.ok(anchorsOf(read(target)).includes(anchor), `${link}: no such heading`);
}

/** A stack's config with these keys, plus the required ones. */
function configWith(given: Readonly<Record<string, unknown>>) {
  const least = Object.entries(deployed).map(([key, value]) => {
    const fullKey = configKey(key);
    return [fullKey.includes(":") ? fullKey : `${project}:${key}`, value];
  });
  const texts = Object.entries(given).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const clusters = Object.keys(Object(given[`${project}:clusters`]));
  const tokens = clusters.map((cluster) => [configKey(`proxmoxToken-${cluster}`), deployed.proxmoxToken]);
  return configFrom(project, Object.fromEntries([...least, ...tokens, ...texts]), () => true);
}

/** The check for the blocks of each language. */
const checks: Readonly<Record<string, (text: string) => void | Promise<void>>> = {
  // The commands are checked below. test/engine/docs.test.ts checks Pulumi's own options.
  sh: () => {},
  json: (text) => void JSON.parse(text),
  yaml: (text) => void configWith(parse(text).config),
  mermaid: (text) => assert.deepEqual(mistakesInDiagram(text), []),
  // HashiCorp's own parser. The providers are not available here.
  hcl: async (text) => void (await hcl.parse("main.tf", text)),
  ts: (text) => {
    const { diagnostics = [] } = transpileModule(text, { reportDiagnostics: true });
    assert.deepEqual(
      diagnostics.map(({ messageText }) => messageText),
      [],
    );
    for (const [, module = "", name = ""] of text.matchAll(/new (backupServer|datacenterManager)\.(\w+)/g)) {
      assert.ok(
        definitions.some(({ type }) => type === `${module}:${name}`),
        `${module}.${name}`,
      );
    }
  },
};

for (const page of pages) {
  const text = read(page);

  test(`${page}: links lead to existing files and headings`, () => {
    for (const link of linksOf(text)) assertLeadsSomewhere(page, link);
  });

  test(`${page}: commands exist, with their options, and config values are valid`, () => {
    for (const command of commandsOf(page)) {
      const [first, second] = command;
      const mistakes = first === "npm" ? mistakesInNpm(command) : [];
      if (first === "pulumi" && second === "config") mistakes.push(...mistakesInConfig(command));
      assert.deepEqual(mistakes, [], command.join(" "));
    }
    for (const key of matches(text, /(pulumi-nodejs:\w+)/g)) {
      assert.ok(configKeys.includes(key), `${key}: no such config key`);
    }
  });

  test(`${page}: blocks are in checked languages, and valid`, async () => {
    for (const block of blocksOf(text)) {
      const check = checks[block.language];
      assert.ok(check, `a block of "${block.language}" is not checked`);
      await check(block.text);
    }
  });
}

for (const page of ["SECURITY.md", "docs/promises.md", "docs/reliability.md"]) {
  test(`${page}: the named tests exist, with these titles`, () => {
    for (const [, path = "", titles = ""] of read(page).matchAll(
      /`(test\/[^`]+\.ts)`(?:: ((?:"[^"]+"(?:, )?)+))?/g,
    )) {
      assert.ok(existsSync(join(projectRoot, path)), `${path}: no such test`);
      for (const title of matches(titles, /"([^"]+)"/g)) {
        assert.ok(read(path).includes(title), `${path} has no "${title}"`);
      }
    }
  });
}
