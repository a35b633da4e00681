import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { defaultImages } from "../../../components/images";
import type { SwarmNode } from "./nodes";

const patienceMs = 60_000;

/** A real PostgreSQL outside of the swarm, on a Docker Engine that ends with the test. */
export class OutsidePostgres {
  readonly user = "sso_user";
  readonly database = "sso_data";
  readonly port = 5432;

  private constructor(
    readonly host: string,
    private readonly password: string,
  ) {}

  static async start({ docker, address }: SwarmNode, password: string): Promise<OutsidePostgres> {
    const postgres = new OutsidePostgres(address, password);
    const container = await docker.createContainer({
      Image: defaultImages.postgres,
      Env: [
        `POSTGRES_PASSWORD=${password}`,
        `POSTGRES_USER=${postgres.user}`,
        `POSTGRES_DB=${postgres.database}`,
      ],
      HostConfig: { NetworkMode: "host" },
    });
    await container.start();
    await postgres.#accepts();
    return postgres;
  }

  /** The rows that a query returns. */
  async rows(query: string): Promise<Record<string, unknown>[]> {
    const { host, port, user, database, password } = this;
    const client = new Client({ host, port, user, database, password });
    await client.connect();
    const { rows } = await client.query<Record<string, unknown>>(query).finally(() => client.end());
    return rows;
  }

  async #accepts(): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        await this.rows("select 1");
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(200);
      }
    }
  }
}
