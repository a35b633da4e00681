import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { labels, runService, type StackContext } from "./service";

export interface Database {
  readonly container: docker.Container;
  /** Holds everything that authentik knows. */
  readonly volume: docker.Volume;
}

export interface DatabaseArgs {
  readonly image: pulumi.Input<string>;
  readonly network: docker.Network;
  readonly password: pulumi.Input<string>;
  /** Refuse to delete the volume. */
  readonly protect: boolean;
  readonly memoryMegabytes: number;
}

/** Where the server and the worker find it, by Docker's DNS on the stack's internal network. */
export const ownDatabase = { host: "postgres", port: 5432, user: "authentik", name: "authentik" } as const;

const passwordFile = "/run/secrets/postgres-password";
const startScript = "/run/start/postgres.sh";

/**
 * initdb sets the password on an empty volume only. On an existing one, single-user mode sets today's before
 * the server starts, so that rotating it is a change of one config value.
 */
const start = `set -eu
if [ -s "$PGDATA/PG_VERSION" ]; then
  password=$(sed "s/'/''/g" "$POSTGRES_PASSWORD_FILE")
  export POSTGRES_BINARY="$(command -v postgres)"
  printf "ALTER ROLE \\"%s\\" PASSWORD '%s'\\n" "$POSTGRES_USER" "$password" |
    su postgres -s /bin/sh -c 'exec "$POSTGRES_BINARY" --single -D "$PGDATA" postgres' >/dev/null
fi
exec docker-entrypoint.sh postgres
`;

export function runDatabase(context: StackContext, args: DatabaseArgs): Database {
  const { parent, provider } = context;
  const volume = new docker.Volume(
    "database",
    { name: `${context.prefix}-database`, labels: labels(context) },
    { parent, provider, protect: args.protect },
  );
  const container = runService(context, "postgres", {
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
    volumes: [{ volume, path: "/var/lib/postgresql/data" }],
  });
  return { container, volume };
}
