import { open } from "node:fs/promises";
import { z } from "zod";
import { ownDatabase } from "../../components/stack/postgres";
import type { RunPulumi } from "../stack/stack-in-question";
import { ofKind, stateOf } from "../stack/state";
import type { StackDatabase } from "./database";

interface ExternalAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly name: string;
  readonly password: string;
}

const network = z.looseObject({ name: z.string() });

/** The first line of the input is the password, because other users can read arguments and the environment. */
const withPassword = 'IFS= read -r PGPASSWORD; export PGPASSWORD; exec "$@"';
const tables = "SELECT count(*) FROM pg_catalog.pg_stat_user_tables";

/** A PostgreSQL outside of the stack, as the stack's Docker host reaches it. */
export class ExternalDatabase {
  private constructor(
    private readonly database: StackDatabase,
    private readonly address: ExternalAddress,
    /** A network of the stack that reaches other machines. */
    private readonly network: string,
  ) {}

  static async of(
    pulumi: RunPulumi,
    database: StackDatabase,
    address: ExternalAddress,
  ): Promise<ExternalDatabase> {
    const networks = ofKind(await stateOf(pulumi), "network:Network");
    const frontend = networks.find(({ urn }) => urn.endsWith("::frontend"));
    return new ExternalDatabase(database, address, network.parse(frontend?.inputs).name);
  }

  get title(): string {
    const { host, port, user, name } = this.address;
    return `The database "${name}" of ${user} on ${host}:${port}`;
  }

  /** @throws if it does not answer, or has tables already */
  async requireEmpty(): Promise<void> {
    const found = await this.#tables();
    if (found === 0) return;
    throw new Error(
      `${this.title} has ${found} tables. Nothing was changed. Give the stack an empty database: an existing one is not overwritten.`,
    );
  }

  /** Restores a dump, all or nothing. */
  async restore(path: string): Promise<void> {
    const file = await open(path, "r");
    try {
      const whole = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"];
      await this.#run(["pg_restore", ...whole, `--dbname=${this.address.name}`], file.createReadStream());
    } finally {
      await file.close();
    }
    const [here, there] = [
      await this.database.sql(`\\connect ${ownDatabase.name}\n${tables};`),
      await this.#tables(),
    ];
    if (Number(here) !== there)
      throw new Error(`${this.title} has ${there} tables instead of ${here.trim()}.`);
  }

  async #tables(): Promise<number> {
    const plain = ["--no-psqlrc", "--tuples-only", "--no-align"];
    return Number(
      await this.#run(["psql", ...plain, `--dbname=${this.address.name}`, `--command=${tables}`]),
    );
  }

  /** Runs a program of PostgreSQL's image on the Docker host. */
  #run([program = "", ...options]: readonly string[], input?: NodeJS.ReadableStream): Promise<string> {
    const { host, port, user, password } = this.address;
    const where = [`--host=${host}`, `--port=${port}`, `--username=${user}`, "--no-password"];
    const command = ["sh", "-c", withPassword, "sh", program, ...where, ...options];
    return this.database.runBeside(this.network, command, { text: `${password}\n`, more: input });
  }
}
