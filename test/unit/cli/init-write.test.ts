import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Cancelled } from "../../../cli/init/ask";
import type { ToMake } from "../../../cli/init/new-stack";
import { askForPassphrase, passphraseToKeep } from "../../../cli/init/passphrase";
import { keepAnswers, stoppedAnswers } from "../../../cli/init/stopped";
import { writeStack } from "../../../cli/init/write";
import { envFileOf, keptDir } from "../../../cli/stack/kept-passphrase";
import { terminalWith } from "../../init/typist";

/** A Pulumi without stacks, and an account on a server. `during` runs in each command of Pulumi. */
function labOf(during: (command: string) => void = () => {}) {
  const calls: string[] = [];
  const pulumi = async (args: string[]) => {
    const command = args.join(" ");
    calls.push(command);
    if (command.includes("--show-name")) throw new Error("error: no stack named 'new' found");
    during(command);
    return "{}";
  };
  const account: ToMake = {
    what: "an account",
    make: async () => {
      calls.push("make");
      return { secret: {}, undo: async () => void calls.push("undo") };
    },
  };
  const name = "init-write-of-a-test";
  const plain = { deployAuthentik: "false" };
  return { calls, pulumi, stack: { name, plain, secret: { clientSecret: "s" }, made: [account] } };
}

const removed = ["stack rm init-write-of-a-test --yes", "undo"];

for (const failing of ["stack init", "config set-all", "config set --secret"]) {
  test(`init removes its stack and its accounts if pulumi ${failing} fails`, async () => {
    const { calls, pulumi, stack } = labOf((command) => {
      if (command.startsWith(failing)) throw new Error("no space left");
    });
    await assert.rejects(writeStack(pulumi, stack), /^Error: no space left$/);
    assert.deepEqual(calls.slice(-2), removed);
  });
}

test("init removes nothing if the stack exists, and makes no account for it", async () => {
  const calls: string[] = [];
  const exists = async (args: string[]) => {
    calls.push(args.join(" "));
    return "{}";
  };
  const { stack, calls: made } = labOf();
  await assert.rejects(writeStack(exists, stack), /Pulumi has a stack "init-write-of-a-test" already/);
  assert.deepEqual(calls, ["stack --show-name --stack init-write-of-a-test"]);
  assert.deepEqual(made, []);
});

test("init removes its stack although a second signal ends the first attempt", async () => {
  const attempts: string[] = [];
  const { calls, pulumi, stack } = labOf((command) => {
    if (command.startsWith("config")) throw new Error("no space left");
    if (command.startsWith("stack rm") && attempts.push(command) === 1) throw new Error("failed (null)");
  });
  await assert.rejects(writeStack(pulumi, stack), /^Error: no space left$/);
  assert.deepEqual(calls.slice(-3), [removed[0], ...removed]);
});

test("init says what it could not remove, and removes the rest", async () => {
  const { calls, pulumi, stack } = labOf((command) => {
    if (!command.startsWith("stack init")) throw new Error(`no answer to ${command}`);
  });
  await assert.rejects(
    writeStack(pulumi, stack),
    /no answer to config set-all (.|\n)*Remove the rest yourself:\nno answer to stack rm init-write/,
  );
  assert.equal(calls.at(-1), "undo");
});

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  for (const last of ["stack init", "config set --secret"]) {
    test(`init removes what it has created if ${signal} comes during pulumi ${last}`, async () => {
      const before = process.listeners(signal);
      const { calls, pulumi, stack } = labOf((command) => {
        if (!command.startsWith(last)) return;
        const added = process.listeners(signal).filter((listener) => !before.includes(listener));
        for (const listener of [...added, ...added]) listener(signal);
      });
      await assert.rejects(
        writeStack(pulumi, stack),
        (error) => error instanceof Cancelled && error.message.startsWith(`${signal} stopped this run.`),
      );
      assert.ok(calls.at(-3)?.startsWith(last));
      assert.deepEqual(calls.slice(-2), removed);
      assert.deepEqual(process.listeners(signal), before);
    });
  }
}

test("init stores the passphrase before it creates the stack, and restores the earlier one if that fails", async () => {
  const name = `init-write-${randomBytes(4).toString("hex")}`;
  const [file, env] = [join(keptDir, `${name}.passphrase`), envFileOf(name)];
  const attempt = async (value: string) => {
    const { pulumi, stack } = labOf((command) => {
      if (!command.startsWith("stack init")) return;
      assert.equal(readFileSync(file, "utf8"), value);
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.ok(readFileSync(env, "utf8").includes(file));
      throw new Error("no space left");
    });
    const made = passphraseToKeep(name, { value, isKept: true });
    await assert.rejects(writeStack(pulumi, { ...stack, made }), /^Error: no space left$/);
  };
  try {
    await attempt("new");
    assert.ok(!existsSync(file) && !existsSync(env));
    await passphraseToKeep(name, { value: "earlier", isKept: true })[0]?.make();
    await attempt("other");
    assert.equal(readFileSync(file, "utf8"), "earlier");
    assert.deepEqual(passphraseToKeep(name, { value: "typed", isKept: false }), []);
  } finally {
    for (const kept of [file, env]) rmSync(kept, { force: true });
  }
});

test("init starts from the first question if the file with its answers is damaged", () => {
  const folder = mkdtempSync(join(tmpdir(), "init-answers-"));
  const file = join(folder, "init.json");
  const answers = [{ to: "authentik", value: "docker", isSecret: false }] as const;
  try {
    assert.deepEqual(stoppedAnswers(file), []);
    for (const text of ["", "[", JSON.stringify(answers).slice(0, -2), "{}"]) {
      writeFileSync(file, text);
      assert.deepEqual(stoppedAnswers(file), [], text);
    }
    keepAnswers(answers, file);
    assert.deepEqual(stoppedAnswers(file), answers);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("init refuses the answer for a passphrase of your own if it makes one", async () => {
  const asked = (kind: string) => {
    const flags = { passphrase: kind, "own-passphrase": "p4ss" };
    return terminalWith([], { flags, isScript: true }).terminal;
  };
  const given = process.env.PULUMI_CONFIG_PASSPHRASE;
  delete process.env.PULUMI_CONFIG_PASSPHRASE;
  try {
    const [make, keep] = [asked("make"), asked("keep")];
    await askForPassphrase(make, "file://~");
    assert.throws(() => make.requireUsed([]), /has the answer --own-passphrase\./);
    await askForPassphrase(keep, "file://~");
    keep.requireUsed([]);
    const needless = asked("make");
    await askForPassphrase(needless, "https://api.pulumi.com");
    needless.requireUsed([]);
  } finally {
    if (given !== undefined) process.env.PULUMI_CONFIG_PASSPHRASE = given;
  }
});
