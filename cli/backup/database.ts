import { spawn } from "node:child_process";
import { type FileHandle, open } from "node:fs/promises";
import { z } from "zod";
import { ownDatabase } from "../../components/stack/postgres";
import { type DockerEndpoint, dockerAddress, dockerEndpoint } from "../../providers/docker/endpoint";
import { sshArguments } from "../../providers/docker/ssh";
import type { RunPulumi } from "../stack/stack-in-question";
import { ofKind, type StateResource, stateOf } from "../stack/state";

const leftovers = z.looseObject({ docker: dockerEndpoint });
const dataVersions = z.looseObject({ authentik: z.string() });
const named = z.looseObject({ name: z.string() });
const lastLineCount = 5;

/** The PostgreSQL container of a stack. Uses Docker's command line with the stack's Docker host. */
export class StackDatabase {
  private constructor(
    private readonly endpoint: DockerEndpoint,
    private readonly container: string,
    /** The containers that use the database. */
    readonly users: readonly string[],
    /** The version of authentik in the stack. */
    readonly authentik: string,
  ) {}

  static async of(pulumi: RunPulumi): Promise<StackDatabase> {
    const state = await stateOf(pulumi);
    const name = (service: string) => {
      const container = ofKind(state, "container:Container").find(({ urn }) => urn.endsWith(`::${service}`));
      return container && named.parse(container.inputs).name;
    };
    const [postgres, server, worker] = [name("postgres"), name("server"), name("worker")];
    if (!postgres || !server || !worker) {
      throw new Error(
        "The stack has no PostgreSQL container. Run pulumi up first; a database of your own is saved by its own tools (pg_dump).",
      );
    }
    const { docker } = inputsOf(state, "docker:Leftovers", leftovers);
    const { authentik } = inputsOf(state, "docker:DataVersions", dataVersions);
    return new StackDatabase(docker, postgres, [server, worker], authentik);
  }

  /** The container's name without the service's suffix. */
  get stackName(): string {
    return this.container.replace(/-postgres$/, "");
  }

  /** Runs SQL. Returns one line for each row. */
  sql(statements: string): Promise<string> {
    const options = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
    return this.#inside(
      ["psql", ...options, `--username=${ownDatabase.user}`, "--dbname=postgres", "--file=-"],
      {
        text: statements,
      },
    );
  }

  async dumpTo(file: FileHandle): Promise<void> {
    const which = [`--username=${ownDatabase.user}`, `--dbname=${ownDatabase.name}`];
    await this.#inside(["pg_dump", "--format=custom", ...which], { output: file });
  }

  /** Runs `pg_restore` on a backup. Returns its output. */
  async restore(path: string, options: readonly string[]): Promise<string> {
    const file = await open(path, "r");
    try {
      return await this.#inside(["pg_restore", `--username=${ownDatabase.user}`, ...options], {
        input: file,
      });
    } finally {
      await file.close();
    }
  }

  /** Runs a command in a new container of PostgreSQL's image, on this network. */
  async runBeside(network: string, command: readonly string[], streams: Streams): Promise<string> {
    const image = (await this.#docker(["inspect", "--format", "{{.Image}}", this.container])).trim();
    return this.#docker(["run", "--rm", "--interactive", "--network", network, image, ...command], streams);
  }

  async stopUsers(): Promise<void> {
    await this.#docker(["stop", ...this.users]);
  }

  async startUsers(): Promise<void> {
    await this.#docker(["start", ...this.users]);
  }

  #inside(command: readonly string[], streams: Streams): Promise<string> {
    return this.#docker(["exec", "--interactive", this.container, ...command], streams);
  }

  #docker(args: readonly string[], { input, text = "", more, output }: Streams = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const { command, words, env } = dockerCommand(this.endpoint, args);
      const child = spawn(command, words, {
        env,
        stdio: [input?.fd ?? "pipe", output?.fd ?? "pipe", "pipe"],
      });
      let [printed, complaints] = ["", ""];
      // A command that fails may end before it has read everything.
      child.stdin?.on("error", () => {});
      child.stdin?.write(text);
      if (more && child.stdin) more.pipe(child.stdin);
      else child.stdin?.end();
      child.stdout?.on("data", (data) => (printed += data));
      child.stderr?.on("data", (data) => (complaints += data));
      child.on("error", (error) => reject(new Error(`Could not run docker: ${error.message}`)));
      child.on("close", (code) => {
        if (code === 0) return resolve(printed);
        const reason = complaints.trim().split("\n").slice(-lastLineCount).join("\n");
        reject(new Error(`docker ${args.slice(0, 4).join(" ")} failed: ${reason}`));
      });
    });
  }
}

/** Runs ssh itself if it has options, because Docker's command line has no setting for them. */
function dockerCommand(endpoint: DockerEndpoint, args: readonly string[]) {
  const { host, certPath } = dockerAddress(endpoint);
  if (host.startsWith("ssh:") && endpoint.sshOptions) {
    return {
      command: "ssh",
      words: sshArguments(new URL(host), endpoint.sshOptions, args),
      env: process.env,
    };
  }
  const env = {
    ...process.env,
    DOCKER_HOST: host,
    ...(certPath && { DOCKER_CERT_PATH: certPath, DOCKER_TLS_VERIFY: "1" }),
  };
  return { command: "docker", words: args, env };
}

interface Streams {
  readonly input?: FileHandle;
  readonly text?: string;
  /** Follows the text. */
  readonly more?: NodeJS.ReadableStream | undefined;
  readonly output?: FileHandle;
}

function inputsOf<Schema extends z.ZodType>(
  state: readonly StateResource[],
  kind: string,
  schema: Schema,
): z.output<Schema> {
  const [resource] = ofKind(state, kind);
  if (resource) return schema.parse(resource.inputs);
  throw new Error("The stack was made by an earlier version of this program. Run pulumi up first.");
}
