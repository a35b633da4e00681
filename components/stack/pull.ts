import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../providers/core/errors";
import { callDocker } from "../../providers/docker/api";
import type { DockerEndpoint } from "../../providers/docker/endpoint";
import { type Recorded, recordedAs } from "./recorded";
import { Refusal } from "./refusal";

/** The largest image takes minutes with a slow connection. */
const limitMilliseconds = 30 * 60_000;

export interface Login {
  readonly address: string;
  readonly username: string;
  readonly password: string;
}

/** Whether the text that requests a pull has changed since the last `up`. An image with a digest never changes. */
export function isToPull(own: readonly Recorded[], service: string, image: string, asked: string): boolean {
  const before = recordedAs(own, "docker:index/remoteImage:RemoteImage", `${service}-image`)?.pullTriggers;
  return !image.includes("@sha256:") && !(Array.isArray(before) && before.includes(asked));
}

/**
 * Pulls an image even if the Docker host has it. Pulumi's Docker provider pulls only missing images.
 * @throws Refusal with Docker's message
 */
export async function pull(
  docker: DockerEndpoint,
  image: string,
  { platform, login }: { platform?: string | undefined; login?: Login | undefined },
): Promise<void> {
  // Without a tag, Docker would pull all tags.
  const [, fromImage = image, tag = "latest"] = /^(.*?)(?::([\w.-]+))?$/.exec(image) ?? [];
  await pulumi.log.info(`Pulling ${image} again.`);
  try {
    const told = await callDocker<string>(
      docker,
      {
        method: "POST",
        url: "/images/create",
        params: { fromImage, tag, platform },
        headers: loginHeaders(image, login),
        // The answer contains JSON lines.
        transformResponse: (body: string) => body,
      },
      limitMilliseconds,
    );
    // The answer starts before the pull, so a failure is a line in it.
    const failure = /"error":"((?:[^"\\]|\\.)*)"/.exec(told)?.[1];
    if (failure !== undefined) throw new UserError(failure);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new Refusal(
      `Unable to pull the image ${image}, as \`pullImages\` asks: ${error.message} ` +
        "Fix the registry or its login. To continue with the image that Docker has, remove `pullImages`.",
    );
  }
}

/** Headers with the login, if the image is in its registry. */
export function loginHeaders(image: string, login: Login | undefined): Record<string, string> {
  return login && registryOf(image) === login.address ? { "X-Registry-Auth": encoded(login) } : {};
}

function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/** Docker expects URL-safe base64 with padding, which Node.js omits. */
function encoded({ address, username, password }: Login): string {
  const text = JSON.stringify({ username, password, serveraddress: address });
  return Buffer.from(text).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
