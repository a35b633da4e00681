import { createHmac } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { type Recorded, recordedAs } from "../recorded";
import type { StackContext } from "../service";
import { attemptAfterFailure } from "./service";

/** How the stack names and owns its secrets and configs. */
export interface FilesContext extends StackContext {
  /** The stack's ownership mark, a random value. */
  readonly mark: pulumi.Output<string>;
  /** authentik's secret key. */
  readonly secretKey: pulumi.Input<string>;
  /** The stack's resources in the state. */
  readonly own: pulumi.Output<Recorded[]>;
}

type Secret = docker.types.input.ServiceTaskSpecContainerSpecSecret;
type Config = docker.types.input.ServiceTaskSpecContainerSpecConfig;

const hexDigits = 10;
const readOnlyForOwner = 0o400;

/**
 * The suffix of a name, because Docker cannot change a secret that is in use. A plain hash would allow to try weak
 * passwords, so the key of the HMAC is a secret too.
 */
export function suffixOf(content: string, mark: string, secretKey: string): string {
  return createHmac("sha256", `${mark}\n${secretKey}`).update(content).digest("hex").slice(0, hexDigits);
}

/**
 * The name that an object with this content gets. After a rollback, the services still use the objects with the former
 * contents. If such a content is declared again, it needs another name, which later runs keep.
 */
export function freeName(
  name: string,
  { recorded, attempt }: { recorded: string | undefined; attempt: number | undefined },
): string {
  if (recorded?.includes(name)) return recorded.slice(recorded.indexOf(name));
  return attempt === undefined ? name : `${name}-${attempt}`;
}

/** The object's name in the swarm. It changes with the content. */
function nameOf(
  context: FilesContext,
  { type, resource, name }: { type: string; resource: string; name: string },
  content: pulumi.Input<string>,
): pulumi.Output<string> {
  const suffix = pulumi
    .all([content, context.mark, context.secretKey])
    .apply(([content, mark, secretKey]) => suffixOf(content, mark, secretKey));
  const free = pulumi.all([pulumi.unsecret(suffix), context.own]).apply(([suffix, own]) => {
    const recorded = recordedAs(own, type, resource)?.name;
    return freeName(`${name}-${suffix}`, {
      recorded: typeof recorded === "string" ? recorded : undefined,
      attempt: attemptAfterFailure(own),
    });
  });
  return context.name(free);
}

/** A secret of the swarm, as a file that only this user can read. Several services can share it. */
export function secretFile(
  context: FilesContext,
  path: string,
  given: pulumi.Input<string>,
  owner: string,
): Secret {
  // Docker refuses an empty secret. authentik ignores the white space.
  const content = pulumi.output(given).apply((value) => value || "\n");
  const name = path.split("/").at(-1)?.replace(/_/g, "-") ?? "";
  const secret = new docker.Secret(
    `secret-${name}`,
    {
      name: nameOf(
        context,
        { type: "docker:index/secret:Secret", resource: `secret-${name}`, name },
        content,
      ),
      data: pulumi.secret(content.apply(base64)),
      labels: context.labels,
    },
    inSwarm(context),
  );
  return {
    secretId: secret.id,
    secretName: secret.name,
    fileName: path,
    fileUid: owner,
    fileGid: owner,
    fileMode: readOnlyForOwner,
  };
}

/** A config of the swarm, as a file that only this user can read. */
export function configFile(
  context: FilesContext,
  path: string,
  content: pulumi.Input<string>,
  owner: string,
): Config {
  const name = path.split("/").at(-1)?.replace(/\W/g, "-") ?? "";
  const config = new docker.ServiceConfig(
    `config-${name}`,
    {
      name: nameOf(
        context,
        { type: "docker:index/serviceConfig:ServiceConfig", resource: `config-${name}`, name },
        content,
      ),
      data: pulumi.output(content).apply(base64),
      labels: context.labels,
    },
    inSwarm(context),
  );
  return {
    configId: config.id,
    configName: config.name,
    fileName: path,
    fileUid: owner,
    fileGid: owner,
    fileMode: readOnlyForOwner,
  };
}

/** The new object has another name, so it exists before the services change to it. The old one is deleted last. */
function inSwarm({ parent, provider, before }: StackContext): pulumi.CustomResourceOptions {
  return { parent, provider, dependsOn: [...before] };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
