import type Docker from "dockerode";
import { Client } from "pg";
import { defaultImages } from "../../../components/images";
import { freePort } from "../../tools/free-port";

/** A PostgreSQL outside of the stack. The stack's containers reach it at the host's address on Docker's bridge. */
export class ExternalPostgres {
  readonly user = "sso_user";
  readonly database = "sso_data";

  private constructor(
    private readonly container: Docker.Container,
    readonly host: string,
    readonly port: number,
    private readonly password: string,
  ) {}

  static async start(docker: Docker, password: string): Promise<ExternalPostgres> {
    const host = await bridgeAddress(docker);
    const port = await freePort();
    const postgres = new ExternalPostgres(
      await docker.createContainer({
        Image: defaultImages.postgres,
        Env: [`POSTGRES_PASSWORD=${password}`, "POSTGRES_USER=sso_user", "POSTGRES_DB=sso_data"],
        HostConfig: {
          AutoRemove: true,
          PortBindings: { "5432/tcp": [{ HostIp: host, HostPort: String(port) }] },
        },
        ExposedPorts: { "5432/tcp": {} },
      }),
      host,
      port,
      password,
    );
    await postgres.container.start();
    return postgres;
  }

  /** The number of tables in authentik's database. */
  async tables(): Promise<number> {
    const { host, port, user, database, password } = this;
    const client = new Client({ host, port, user, database, password });
    await client.connect();
    const { rowCount } = await client.query("select from pg_stat_user_tables").finally(() => client.end());
    return rowCount ?? 0;
  }

  async remove(): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}

/** By default, the first address of its network. */
async function bridgeAddress(docker: Docker): Promise<string> {
  const { IPAM } = await docker.getNetwork("bridge").inspect();
  const { Gateway, Subnet = "" } = IPAM?.Config?.[0] ?? {};
  return Gateway ?? Subnet.replace(/\.0\/\d+$/, ".1");
}
