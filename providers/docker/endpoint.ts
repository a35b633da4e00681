import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../core/errors";
import { type DockerWay, dockerWay, whyNoDockerHost } from "./host";

/** How the Docker Engine is reached, in the terms of its Pulumi provider. */
export const dockerEndpoint = z.strictObject({
  /** Its address, with the scheme. */
  host: z
    .string()
    .superRefine((host, context) => {
      const why = whyNoDockerHost(host);
      if (why) context.addIssue({ code: "custom", message: why });
    })
    .optional(),
  /** A Docker context instead of `host`. */
  context: z.string().optional(),
  /** Folder with ca.pem, cert.pem and key.pem. */
  certPath: z.string().optional(),
  /** Further arguments of the ssh command. */
  sshOptions: z.array(z.string()).optional(),
});

export type DockerEndpoint = z.output<typeof dockerEndpoint>;

/** What Docker's own client calls the files of its pair. */
export const certificateFiles = ["ca.pem", "cert.pem", "key.pem"] as const;

/** Where the engine is, once contexts and the environment are looked up. */
export interface DockerAddress {
  readonly host: string;
  /** Folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string | undefined;
}

const localHost =
  process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock";

/**
 * The way to the engine.
 *
 * @throws UserError where the address is none, with the name of what it came from.
 */
export function wayToDocker(endpoint: DockerEndpoint, environment = process.env): DockerWay {
  const { host, certPath } = dockerAddress(endpoint, environment);
  const why = whyNoDockerHost(host);
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

/** @throws UserError where a file of the client's pair is not there */
function requirePair(certPath: string): void {
  const missing = certificateFiles.filter((file) => !existsSync(join(certPath, file)));
  if (missing.length === 0) return;
  throw new UserError(
    `The folder ${certPath} has no ${missing.join(", ")}, by which Docker is reached with TLS: ` +
      "give the right one by `dockerCertPath` (or DOCKER_CERT_PATH).",
  );
}

/** The address that counts: of the context, else as given, else of the environment. */
export function dockerAddress(endpoint: DockerEndpoint, environment = process.env): DockerAddress {
  const { host, certPath = environment.DOCKER_CERT_PATH } = endpoint;
  return (
    contextOf(endpoint, environment) ?? {
      host: host ?? (environment.DOCKER_HOST || localHost),
      certPath: certPath || undefined,
    }
  );
}

/** Where a context leads, if one counts: a host that is given goes before one of the environment. */
export function contextOf(
  { host, context, certPath }: DockerEndpoint,
  environment = process.env,
): DockerAddress | undefined {
  const name = context ?? (host || environment.DOCKER_HOST ? undefined : environment.DOCKER_CONTEXT);
  return name && name !== "default" ? contextNamed(name, certPath, environment) : undefined;
}

/** Docker's provider knows a context's host, but neither its certificates nor DOCKER_CONFIG. */
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
    `There is no Docker context "${name}" here, as \`dockerContext\` or DOCKER_CONTEXT says: see \`docker context ls\`.`,
  );
}
