import { z } from "zod";
import { ConfigError, configFrom } from "../../config/load";
import type { Stack } from "../../config/stack";
import { otherProducts } from "../../providers/accessControl/products";
import { Credentials } from "../../providers/core/credentials";
import { project } from "../paths";
import type { RunPulumi } from "../stack/stack-in-question";
import { interruptedIn, ofKind, resourcesIn, type StateResource } from "../stack/state";
import type { DoctorContext } from "./diagnose";
import type { RecordedStack } from "./subject";

const printedConfig = z.record(
  z.string(),
  z.object({ value: z.string().default(""), secret: z.boolean().default(false) }),
);

const named = z.object({ name: z.string().optional() });
const group = z.object({ name: z.string(), pk: z.string(), reused: z.boolean().default(false) });

/** Reads a stack's config and state from the Pulumi CLI. */
export async function doctorContextOf(pulumi: RunPulumi): Promise<DoctorContext> {
  const printed = printedConfig.parse(JSON.parse(await pulumi(["config", "--show-secrets", "--json"])));
  return {
    nodeVersion: process.versions.node,
    pulumi,
    config: configOrMistakes(printed),
    credentials: new Credentials({ get: (key) => printed[key]?.value }, {}),
    made: madeBy(JSON.parse(await pulumi(["stack", "export"]))),
  };
}

function madeBy(exported: unknown): RecordedStack {
  const state = resourcesIn(exported);
  const nameOf = ({ urn }: StateResource) => urn.split("::").at(-1) ?? "";
  const containers = ofKind(state, "container:Container");
  const server = containers.find((resource) => nameOf(resource) === "server");
  return {
    anything: state.length > 0,
    realms: ["proxmox", ...Object.values(otherProducts).map(({ module }) => module)].flatMap((module) =>
      ofKind(state, `${module}:OpenIdRealm`).map((realm) => nameOf(realm).replace(/-realm$/, "")),
    ),
    authentikImage: ofKind(state, "remoteImage:RemoteImage")
      .filter((image) => nameOf(image) === "authentik-image")
      .map(({ inputs }) => named.parse(inputs).name)[0],
    serverContainer: server && named.parse(server.inputs).name,
    interrupted: interruptedIn(exported),
    groups: Object.fromEntries(
      ofKind(state, "authentik:Group")
        .flatMap(({ inputs, outputs }) => group.safeParse({ ...inputs, ...outputs }).data ?? [])
        .map(({ name, pk, reused }) => [name, { pk, reused }]),
    ),
    containers: containers.flatMap(({ inputs }) => named.parse(inputs).name ?? []),
    services: ofKind(state, "service:Service").flatMap(({ inputs }) => named.parse(inputs).name ?? []),
  };
}

function configOrMistakes(printed: z.output<typeof printedConfig>): Stack | ConfigError {
  const values = Object.fromEntries(Object.entries(printed).map(([key, { value }]) => [key, value]));
  try {
    return configFrom(project, values, (key) => printed[key]?.secret ?? false);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
