import type * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { runService, type StackContext } from "./service";

interface DatabaseArgs {
  readonly image: pulumi.Input<string>;
  readonly network: docker.Network;
  readonly password: pulumi.Input<string>;
  /** The volume with all of authentik's data. */
  readonly volume: docker.Volume;
  readonly memoryMegabytes: number;
}

/** The database's address for server and worker: a DNS name in the stack's internal network. */
export const ownDatabase = { host: "postgres", port: 5432, user: "authentik", name: "authentik" } as const;

const passwordFile = "/run/secrets/postgres-password";
const startScript = "/run/start/postgres.sh";

/**
 * initdb sets the password only in an empty volume. For an existing one, single-user mode sets the current password
 * before the server starts, so changing the config value rotates it. The image's entry point gets no password, which
 * keeps it out of the environment.
 */
const start = `set -eu
if [ -s "$PGDATA/PG_VERSION" ]; then
  password=$(sed "s/'/''/g" "$POSTGRES_PASSWORD_FILE")
  export POSTGRES_BINARY="$(command -v postgres)"
  printf "ALTER ROLE \\"%s\\" PASSWORD '%s'\\n" "$POSTGRES_USER" "$password" |
    su postgres -s /bin/sh -c 'exec "$POSTGRES_BINARY" --single -D "$PGDATA" postgres' >/dev/null
  unset POSTGRES_PASSWORD_FILE
fi
exec docker-entrypoint.sh postgres
`;

export function runDatabase(context: StackContext, args: DatabaseArgs): docker.Container {
  return runService(context, "postgres", {
    image: args.image,
    memoryMegabytes: args.memoryMegabytes,
    environment: {
      POSTGRES_DB: ownDatabase.name,
      POSTGRES_USER: ownDatabase.user,
      POSTGRES_PASSWORD_FILE: passwordFile,
      PGDATA: "/var/lib/postgresql/data/pgdata",
    },
    files: { [passwordFile]: args.password, [startScript]: start },
    fileOwner: "0",
    capabilities: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
    entrypoint: ["/bin/sh", startScript],
    command: [],
    healthcheck: {
      tests: ["CMD-SHELL", `pg_isready -h 127.0.0.1 -d ${ownDatabase.name} -U ${ownDatabase.user}`],
      interval: "2s",
      timeout: "5s",
      retries: 60,
      startPeriod: "20s",
    },
    waitUntilHealthy: true,
    networks: [{ name: args.network.name, aliases: [ownDatabase.host] }],
    volumes: [{ volume: args.volume, path: "/var/lib/postgresql/data" }],
  });
}
