import { UserError } from "../core/errors";
import { callDocker } from "./api";
import type { DockerEndpoint } from "./endpoint";

interface Database {
  readonly docker: DockerEndpoint;
  /** Name of the container. */
  readonly container: string;
}

const question = ["psql", "--no-psqlrc", "--tuples-only", "--no-align", "--username=authentik"];
const migrations = ["--dbname=authentik", "--command=SELECT count(*) FROM django_migrations"];

/** The number of migrations that authentik has applied to its database. Undefined if the database does not answer. */
export async function migrationsIn({ docker, container }: Database): Promise<number | undefined> {
  try {
    const { Id } = await callDocker<{ Id: string }>(docker, {
      method: "post",
      url: `/containers/${container}/exec`,
      // With a terminal, the answer is plain text.
      data: { Cmd: [...question, ...migrations], AttachStdout: true, AttachStderr: true, Tty: true },
    });
    const answer = await callDocker<string>(docker, {
      method: "post",
      url: `/exec/${Id}/start`,
      data: { Tty: true },
      responseType: "text",
      // Otherwise axios would parse a number as JSON.
      transformResponse: (text: string) => text,
    });
    return /^\s*\d+\s*$/.test(answer) ? Number(answer) : undefined;
  } catch (error) {
    // The container is stopped or missing.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
