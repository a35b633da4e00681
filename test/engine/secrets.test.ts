import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { projectRoot } from "../../cli/paths";
import { useEngine } from "./harness";

const samplingMilliseconds = 50;

/** Forms of a secret in files, addresses and headers. */
function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [secret, encodeURIComponent(secret), base64, base64.replace(/=+$/, ""), encodeURIComponent(base64)];
}

/** The command lines of all processes. Every user of the machine can read them. */
function commandLines(): string {
  return execFileSync("ps", ["-e", "-o", "args="], { encoding: "utf8" });
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function temporaryFiles(): Set<string> {
  return new Set(readdirSync(tmpdir()));
}

describe("the secrets of a run, in plain, base64 and URL-encoded,", () => {
  const engine = useEngine();
  const seen = new Set<string>();
  let output = "";
  let credentials: string[];
  let clientSecret: string[];
  let newTemporary: string[];

  before(async () => {
    const existing = temporaryFiles();
    const sampling = setInterval(() => seen.add(commandLines()), samplingMilliseconds);
    const run = await engine.stack.attempt("up", "-v=10");
    clearInterval(sampling);
    assert.equal(run.code, 0, run.output);
    output = run.output;
    newTemporary = [...temporaryFiles()].filter((name) => !existing.has(name));
    const { authentikToken, authentikPassword, proxmoxToken } = engine.servers;
    const proxmoxSecret = proxmoxToken.split("=")[1] ?? "";
    credentials = [authentikToken, authentikPassword, proxmoxToken, proxmoxSecret].flatMap(formsOf);
    clientSecret = formsOf(String((await engine.servers.provider()).client_secret));
  });

  after(async () => {
    for (const log of logs()) await rm(log);
  });

  /** With -v, Pulumi writes a log file and keeps it. */
  const logs = () =>
    newTemporary.filter((name) => /^pulumi\..*\.log\.INFO/.test(name)).map((name) => join(tmpdir(), name));

  const assertNone = (text: string, where: string, forms = [...credentials, ...clientSecret]) => {
    for (const form of forms) assert.ok(!text.includes(form), `a secret stands in ${where}`);
  };

  it("are not on the console at -v=10", () => {
    assert.match(output, /clientSecret\s*: \[secret\]/);
    assertNone(output, "the output");
  });

  // Pulumi logs what it passes to the program, including the client secret.
  it("are not in Pulumi's log of -v=10, if they are credentials", () => {
    assert.ok(logs().length > 0);
    for (const log of logs()) assertNone(readFileSync(log, "utf8"), log, credentials);
  });

  it("are in no file of the stack: state, its history and backups, config", () => {
    const files = filesUnder(engine.stack.folder);
    assert.ok(files.some((file) => file.includes("history")));
    for (const file of files) assertNone(readFileSync(file, "utf8"), file);
  });

  it("are in no process's arguments", () => {
    const all = [...seen].join("\n");
    assert.match(all, /pulumi up /);
    assertNone(all, "the arguments of a process");
  });

  it("are in no temporary file that is left, and in no file of the working copy", () => {
    for (const name of newTemporary.filter((name) => name.startsWith("pulumi"))) {
      const path = join(tmpdir(), name);
      if (logs().includes(path)) continue;
      const left = statSync(path).isDirectory() ? filesUnder(path) : [path];
      for (const file of left) assertNone(readFileSync(file, "utf8"), file);
    }
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: projectRoot,
      encoding: "utf8",
    }).split("\n");
    for (const file of files.filter((name) => name !== "" && !name.startsWith("test/recordings/"))) {
      assertNone(readFileSync(join(projectRoot, file), "utf8"), file);
    }
  });
});
