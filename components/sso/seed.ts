import { setImmediate as declarations } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { credentialNamespace } from "../../providers/core/credentials";
import { newClientId } from "../../providers/sso/identity";
import type { AuthentikServer } from "../authentikServer";
import type { Sso } from "../model/resolved";
import { type Recorded, recordedResources } from "../stack/recorded";

/** A cluster that the program declares. */
interface Cluster {
  readonly slug: string;
  /** Resolves when its objects have their names. */
  readonly written: Promise<unknown>;
}

/** The clusters of each authentik, by the names of their shared values. */
const declaredOn = new WeakMap<AuthentikServer, Map<string, Cluster>>();

/** The resource with the shared values of a cluster. */
export function valuesNamed(cluster: string): string {
  return `${cluster}-identity`;
}

/** Records a cluster and its resources, for a new cluster that gets its former name. */
export function declareCluster(
  authentik: AuthentikServer,
  { name, slug }: Sso,
  resources: readonly pulumi.Resource[],
): void {
  const clusters = declaredOn.get(authentik) ?? new Map<string, Cluster>();
  const written = Promise.all(resources.map(({ urn }) => new Promise((resolve) => urn.apply(resolve))));
  declaredOn.set(authentik, clusters.set(valuesNamed(name), { slug, written }));
}

/**
 * A random value from which the shared values of a cluster derive. It does not depend on the component's name: a renamed
 * cluster gets the same values, and recognizes its objects. It depends on the slug, but a cluster keeps its values if its slug
 * changes. A new cluster with the former slug waits for that change, and gets another seed.
 */
export function seedOf(
  component: pulumi.ComponentResource,
  sso: Sso,
  authentik: AuthentikServer,
): pulumi.Output<string> | undefined {
  const plugin = component.getProvider(`${credentialNamespace}:dynamic:Identity`);
  if (plugin === undefined) return undefined;
  return pulumi
    .all([plugin.id, takenClientIds(sso, authentik)])
    .apply(([id, taken]) => freeSeed(`${id} ${sso.slug}`, taken));
}

/** The client IDs of the other clusters in the state that the program still declares. */
async function takenClientIds(
  { name, slug }: Sso,
  authentik: AuthentikServer,
): Promise<(string | undefined)[]> {
  const recorded = (await recordedResources()).flatMap(sharedValuesIn);
  await declarations();
  const own = valuesNamed(name);
  const isNew = recorded.every((one) => one.name !== own);
  const others = recorded.flatMap(({ name, slug, clientId }) => {
    const cluster = name === own ? undefined : declaredOn.get(authentik)?.get(name);
    return cluster ? [{ cluster, before: slug, clientId }] : [];
  });
  const leaving = others.filter(({ cluster, before }) => before === slug && cluster.slug !== slug);
  // Two clusters that swap their names would wait for each other.
  if (isNew) await Promise.all(leaving.map(({ cluster }) => cluster.written));
  return others.map(({ clientId }) => clientId);
}

const sharedValues = z.looseObject({
  clientId: z.string().optional(),
  usedOn: z.looseObject({ slug: z.string().optional() }).optional(),
});

function sharedValuesIn({ urn, outputs }: Recorded) {
  const [type = "", name = ""] = urn.split("::").slice(-2);
  if (!type.endsWith("dynamic/sso:Identity")) return [];
  const { clientId, usedOn } = sharedValues.parse(outputs);
  return [{ name, slug: usedOn?.slug, clientId }];
}

function freeSeed(seed: string, taken: readonly (string | undefined)[]): string {
  let free = seed;
  for (let number = 2; taken.includes(newClientId(free)); number++) free = `${seed} ${number}`;
  return free;
}
