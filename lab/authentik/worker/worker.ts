import type { Context, Kind } from "../api/kind";
import { insert } from "../api/objects";
import { generateCertificate } from "../crypto/generate";
import { createKinds } from "../kinds/kinds";
import { setPassword } from "../kinds/user";
import { createLab } from "../lab";
import type { Profile } from "../profile";
import type { Bootstrap } from "../settings";
import type { Document, Json, Store } from "../store/store";
import { FLOWS, scopeMappings } from "./defaults";

interface WorkerOptions {
  store: Store;
  profile: Profile;
  bootstrap: Bootstrap;
  /** Called before each batch of objects. */
  pause(): Promise<unknown>;
}

const SELF_SIGNED_NAME = "authentik Self-signed Certificate";
/** Half of the real size, whose generation takes seconds. */
const SELF_SIGNED_BITS = 2048;
const SELF_SIGNED_DAYS = 365;

/** Creates the missing default objects late and in batches, like the real worker. */
export async function makeDefaultObjects(options: WorkerOptions): Promise<void> {
  const { store, profile } = options;
  const context: Context = {
    lab: createLab(store, profile),
    kinds: createKinds(profile),
    origin: "http://localhost",
    user: {},
    query: new URLSearchParams(),
  };
  const batches = [makeFlows, makeBootstrapUser, makeScopeMappings, makeCertificate, makeBrand];
  for (const batch of batches) {
    await options.pause();
    await batch(context, options);
  }
}

/** How long a worker is considered running after its last report (authentik/tasks/api/workers.py). */
const aliveMilliseconds = 120_000;

/** Reports to the server that a worker runs. */
export async function reportWorker(store: Store, { version }: Profile, seen = new Date()): Promise<void> {
  await store.put("worker", "worker", { worker_id: "1@worker", version, last_seen: seen.toISOString() });
}

export async function runningWorkers(store: Store): Promise<Document[]> {
  const workers = await store.list("worker");
  return workers.filter(({ last_seen }) => Date.parse(String(last_seen)) > Date.now() - aliveMilliseconds);
}

type Batch = (context: Context, options: WorkerOptions) => Promise<void>;

const makeFlows: Batch = async (context) => {
  for (const { stages, ...values } of FLOWS) {
    if (await findBy(context, context.kinds.flow, "slug", values.slug)) continue;
    const flow = await insert(context.kinds.flow, values, context);
    for (const [index, { kind, ...stage }] of stages.entries()) {
      const { pk = null } = await ensure(context, context.kinds[kind], "name", stage);
      const binding = { target: flow.pk ?? null, stage: pk, order: 10 * (index + 1) };
      await insert(context.kinds.flow_binding, binding, context);
    }
  }
};

/** Runs at every start, but changes no existing object. Only the first start uses the bootstrap values. */
const makeBootstrapUser: Batch = async (context, { bootstrap }) => {
  const { group, user, token } = context.kinds;
  const admins = await ensure(context, group, "name", { name: "authentik Admins", is_superuser: true });
  await ensure(context, group, "name", {
    name: "authentik Read-only",
    attributes: {
      notes: "An group with an auto-generated role that allows read-only permissions on all objects.\n",
    },
  });
  const known = await findBy(context, user, "username", "akadmin");
  const administrator =
    known ??
    (await insert(
      user,
      {
        username: "akadmin",
        name: "authentik Default Admin",
        email: bootstrap.email ?? "root@example.com",
        groups: [admins.pk ?? null],
      },
      context,
    ));
  if (!known && bootstrap.password) await setPassword(administrator, bootstrap.password, context);
  if (!bootstrap.token) return;
  await ensure(context, token, "identifier", {
    identifier: "authentik-bootstrap-token",
    intent: "api",
    expiring: false,
    key: bootstrap.token,
    user: administrator.pk ?? null,
  });
};

const makeScopeMappings: Batch = async (context, { profile }) => {
  const relation = profile.name === "2026.5" ? "groups" : "ak_groups";
  for (const mapping of scopeMappings(relation)) {
    await ensure(context, context.kinds.scope_mapping, "managed", mapping);
  }
};

const makeCertificate: Batch = async (context, { profile }) => {
  if (await findBy(context, context.kinds.certificate, "name", SELF_SIGNED_NAME)) return;
  const pair = await generateCertificate({
    commonName: SELF_SIGNED_NAME,
    names: [],
    days: SELF_SIGNED_DAYS,
    algorithm: "rsa",
    rsaBits: SELF_SIGNED_BITS,
    issuer: `authentik ${profile.version}`,
  });
  const values = { name: SELF_SIGNED_NAME, certificate_data: pair.certificate, key_data: pair.privateKey };
  await insert(context.kinds.certificate, values, context);
};

const makeBrand: Batch = async (context) => {
  if (await findBy(context, context.kinds.brand, "default", true)) return;
  const flow = async (slug: string) => (await findBy(context, context.kinds.flow, "slug", slug))?.pk ?? null;
  const values = {
    domain: "authentik-default",
    default: true,
    flow_authentication: await flow("default-authentication-flow"),
    flow_invalidation: await flow("default-invalidation-flow"),
    flow_user_settings: await flow("default-user-settings-flow"),
  };
  await insert(context.kinds.brand, values, context);
};

/** Returns the object with this value in the key field. Creates it if it is missing. */
async function ensure(context: Context, kind: Kind, key: string, values: Document): Promise<Document> {
  return (await findBy(context, kind, key, values[key] ?? null)) ?? insert(kind, values, context);
}

async function findBy(context: Context, kind: Kind, key: string, value: Json): Promise<Document | undefined> {
  const documents = await context.lab.store.list(kind.name);
  return documents.find((document) => document[key] === value);
}
