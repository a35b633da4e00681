import { resolve } from "node:path";
import { ownDatabase } from "../../components/stack/postgres";
import { ConfigError } from "../../config/load";
import { StackDatabase } from "../backup/database";
import { ExternalDatabase } from "../backup/external-database";
import { doctorContextOf } from "../doctor/context";
import type { RunPulumi } from "../stack/stack-in-question";
import { dumpTo } from "./backup";

/**
 * Copies authentik's database from the stack's container to the PostgreSQL of `postgresHost`. authentik stops before
 * the copy, and the next `up` starts it with the new database.
 */
export async function moveDatabase(
  pulumi: RunPulumi,
  { yes, file }: { yes?: boolean; file?: string },
): Promise<number> {
  const { config: stack } = await doctorContextOf(pulumi);
  if (stack instanceof ConfigError) throw stack;
  const { config } = stack;
  if (config.postgresHost === undefined) {
    throw new Error("Set postgresHost, and the other keys of the PostgreSQL outside, before this command.");
  }
  const database = await StackDatabase.of(pulumi);
  const target = await ExternalDatabase.of(pulumi, database, {
    host: config.postgresHost,
    port: config.postgresPort,
    user: config.postgresUser ?? ownDatabase.user,
    name: config.postgresDatabase ?? ownDatabase.name,
    password: config.postgresPassword ?? "",
  });
  await target.requireEmpty();
  if (!yes) {
    console.log(
      `${target.title} answers and is empty. To stop authentik of ${database.stackName} and copy its database there, add --yes.`,
    );
    return 1;
  }
  const path = resolve(process.env.INIT_CWD ?? ".", file ?? `${database.stackName}-moved.dump`);
  await database.stopUsers();
  try {
    const version = await dumpTo(path, database);
    await target.restore(path);
    console.log(
      `${target.title} has the database of authentik ${version}. authentik is stopped. Run pulumi up, which starts it with the new database.`,
    );
  } catch (error) {
    await database.startUsers();
    throw error;
  }
  console.log(`${path} is the same as a backup. It contains private keys and tokens.`);
  return 0;
}
