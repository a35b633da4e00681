import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { defaultImages } from "../../../components/images";
import { freePort } from "../../tools/free-port";

const limitMs = 60_000;

/** The container ends with the input of `docker run`, which ends with this process, also if it is killed. */
const untilEndOfInput = "docker-entrypoint.sh postgres & cat; kill -INT $!; wait";

/** A real PostgreSQL outside of the swarm, on the Docker of this machine. */
export class OutsidePostgres {
  readonly user = "sso_user";
  readonly database = "sso_data";

  private constructor(
    private readonly docker: ChildProcess,
    readonly host: string,
    readonly port: number,
  ) {}

  /** @param host address of this machine that the nodes reach */
  static async start(host: string, password: string): Promise<OutsidePostgres> {
    const port = await freePort();
    const settings = { POSTGRES_PASSWORD: password, POSTGRES_USER: "sso_user", POSTGRES_DB: "sso_data" };
    const docker = spawn(
      "docker",
      [
        ...["run", "--rm", "-i", "--publish", `${host}:${port}:5432`, "--entrypoint", "sh"],
        ...Object.keys(settings).flatMap((name) => ["--env", name]),
        ...[defaultImages.postgres, "-c", untilEndOfInput],
      ],
      { env: { ...process.env, ...settings }, stdio: ["pipe", "ignore", "ignore"] },
    );
    const postgres = new OutsidePostgres(docker, host, port);
    await postgres.#accepts(password);
    return postgres;
  }

  async stop(): Promise<void> {
    this.docker.stdin?.end();
    if (this.docker.exitCode === null) await once(this.docker, "exit");
  }

  async #accepts(password: string): Promise<void> {
    const { host, port, user, database } = this;
    const deadline = Date.now() + limitMs;
    for (;;) {
      const client = new Client({ host, port, user, database, password });
      try {
        await client.connect();
        return await client.end();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(200);
      }
    }
  }
}
