import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../core/errors";
import { type DockerWay, dockerWay, problemWithDockerHost } from "./host";

/** The connection to the Docker Engine, with the names of the Pulumi provider. */
export const dockerEndpoint = z.strictObject({
  /** Its address, with the scheme. */
  host: z
    .string()
    .superRefine((host, context) => {
      const why = problemWithDockerHost(host);
      if (why) context.addIssue({ code: "custom", message: why });
    })
    .optional(),
  /** A Docker context instead of `host`. */
  context: z.string().optional(),
  /** Directory with ca.pem, cert.pem and key.pem. */
  certPath: z.string().optional(),
  /** Further arguments of the ssh command. */
  sshOptions: z.array(z.string()).optional(),
});

export type DockerEndpoint = z.output<typeof dockerEndpoint>;

/** File names that Docker's own client requires. */
export const certificateFiles = ["ca.pem", "cert.pem", "key.pem"] as const;

/** The address of the engine, after contexts and the environment are resolved. */
interface DockerAddress {
  readonly host: string;
  /** Directory with ca.pem, cert.pem and key.pem. */
  readonly certPath: string | undefined;
}

const localHost =
  process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";

/**
 * Resolves how to connect to the engine.
 * @throws UserError if the address is invalid, with the setting that contains it
 */
export function wayToDocker(endpoint: DockerEndpoint, environment = process.env): DockerWay {
  const { host, certPath } = dockerAddress(endpoint, environment);
  const why = problemWithDockerHost(host);
  if (why === undefined) {
    const way = dockerWay(host);
    if (way.kind === "tcp" && certPath) requirePair(certPath);
    return way;
  }
  const source = contextOf(endpoint, environment)
    ? "The Docker context's host"
    : endpoint.host
      ? "`dockerHost`"
      : "DOCKER_HOST";
  throw new UserError(`${source} ${why}.`);
}

/** @throws UserError if a file is missing */
function requirePair(certPath: string): void {
  const missing = certificateFiles.filter((file) => !existsSync(join(certPath, file)));
  if (missing.length === 0) return;
  throw new UserError(
    `The folder ${certPath} has no ${missing.join(", ")}, which TLS to Docker requires. ` +
      "Set the right folder with `dockerCertPath` (or DOCKER_CERT_PATH).",
  );
}

/** The effective address: from the context, else `host`, else the environment. */
export function dockerAddress(endpoint: DockerEndpoint, environment = process.env): DockerAddress {
  const { host, certPath = environment.DOCKER_CERT_PATH } = endpoint;
  return (
    contextOf(endpoint, environment) ?? {
      host: host ?? (environment.DOCKER_HOST || localHost),
      certPath: certPath || undefined,
    }
  );
}

/** The effective context, if any. A configured `host` takes precedence over a context in the environment. */
export function contextOf(
  { host, context, certPath }: DockerEndpoint,
  environment = process.env,
): DockerAddress | undefined {
  const name = context ?? (host || environment.DOCKER_HOST ? undefined : environment.DOCKER_CONTEXT);
  return name && name !== "default" ? contextNamed(name, certPath, environment) : undefined;
}

/** The Pulumi provider reads a context's host, but not its certificates, and ignores DOCKER_CONFIG. */
function contextNamed(
  name: string,
  certPath: string | undefined,
  environment: NodeJS.ProcessEnv,
): DockerAddress {
  const contexts = join(environment.DOCKER_CONFIG || join(homedir(), ".docker"), "contexts");
  const folder = join(contexts, "meta");
  for (const id of existsSync(folder) ? readdirSync(folder) : []) {
    const { Name, Endpoints } = Object(JSON.parse(readFileSync(join(folder, id, "meta.json"), "utf8")));
    if (Name !== name || !Endpoints?.docker?.Host) continue;
    const certificates = join(contexts, "tls", id, "docker");
    return {
      host: Endpoints.docker.Host,
      certPath: certPath ?? (existsSync(join(certificates, "cert.pem")) ? certificates : undefined),
    };
  }
  throw new UserError(
    `There is no Docker context "${name}", which \`dockerContext\` or DOCKER_CONTEXT names. List the contexts: docker context ls.`,
  );
}
