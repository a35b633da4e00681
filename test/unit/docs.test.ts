import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { configKey, configSchema, secretKeys } from "../../config/schema";
import { scripts } from "../../package.json";
import { timeoutKey } from "../../providers/http/timeout";

const root = resolve(__dirname, "../..");
const pages = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...["docs", "examples", "lab"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".md"))
      .map((name) => join(folder, name)),
  ),
];

const configKeys: string[] = [...Object.keys(configSchema.shape).map(configKey), timeoutKey];
const secretConfigKeys: string[] = secretKeys.map(configKey);

function read(page: string): string {
  return readFileSync(join(root, page), "utf8");
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return matches(markdown, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const page of pages) {
  test(`${page}: links lead to files and headings that exist`, () => {
    for (const link of matches(read(page), /\]\(([^)]+)\)/g)) {
      if (/^https?:/.test(link)) continue;
      const [path = "", anchor] = link.split("#");
      const target = path === "" ? page : join(dirname(page), path);
      assert.ok(existsSync(join(root, target)), `${link}: no such file`);
      if (anchor) assert.ok(anchorsOf(read(target)).includes(anchor), `${link}: no such heading`);
    }
  });

  test(`${page}: npm commands exist`, () => {
    for (const name of matches(read(page), /npm run (?:--silent )?([\w:-]+)/g)) {
      assert.ok(name in scripts, `npm run ${name}: package.json has no such script`);
    }
  });

  test(`${page}: config keys exist, and secrets are set as such`, () => {
    const text = read(page);
    for (const [command, verb, options = "", key = ""] of text.matchAll(
      /pulumi config (set|get|rm) ((?:--\S+ )*)'?([\w:-]+)/g,
    )) {
      assert.ok(configKeys.includes(key), `${command}: no such config key`);
      if (verb === "set") {
        assert.equal(
          options.includes("--secret"),
          secretConfigKeys.includes(key),
          `${command}: --secret is for secrets, and for all of them`,
        );
      }
    }
    for (const key of matches(text, /(pulumi-nodejs:\w+)/g)) {
      assert.ok(configKeys.includes(key), `${key}: no such config key`);
    }
  });
}

for (const page of ["README.md", "SECURITY.md"]) {
  test(`${page}: the tests that it names exist, with these titles`, () => {
    for (const [, path = "", titles = ""] of read(page).matchAll(
      /`(test\/[^`]+\.ts)`(?:: ((?:"[^"]+"(?:, )?)+))?/g,
    )) {
      assert.ok(existsSync(join(root, path)), `${path}: no such test`);
      for (const title of matches(titles, /"([^"]+)"/g)) {
        assert.ok(read(path).includes(title), `${path} has no "${title}"`);
      }
    }
  });
}
