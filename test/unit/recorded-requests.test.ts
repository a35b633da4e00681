import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, suite, test } from "node:test";
import { z } from "zod";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import { credentialKey } from "../../providers/core/credentials";
import { providerFor } from "../../providers/registry";

/** Accepted requests to real servers, by `METHOD path`: test/recordings/extract.mjs makes the file. */
const shapes = z
  .record(
    z.enum(["authentik", "proxmox"]),
    z.record(
      z.string(),
      z.object({ query: z.array(z.string()), body: z.record(z.string(), z.array(z.string())) }),
    ),
  )
  .parse(JSON.parse(readFileSync(resolve(__dirname, "../recordings/shapes.json"), "utf8")));

/** What is sent although no recording has it. */
const notRecorded: Readonly<Record<string, string>> = {
  "authentik PATCH /api/v3/core/applications/*/ meta_launch_url: string":
    "recorded in POST, and PATCH with its neighbours (meta_description, group); the OpenAPI file has it in both",
  "authentik PATCH /api/v3/policies/bindings/*/ policy: null":
    "recorded in POST, and PATCH with a null group; the OpenAPI file has all three nullable in both",
  "authentik PATCH /api/v3/policies/bindings/*/ user: null":
    "recorded in PUT, and PATCH with a null group; the OpenAPI file has all three nullable in both",
  "authentik POST /api/v3/core/brands/ attributes: object":
    "recorded with groups; the OpenAPI file has it for brands too",
  "authentik POST /api/v3/core/users/ attributes: object":
    "recorded with groups; the OpenAPI file has it for users too",
  "authentik POST /api/v3/core/users/ type: string":
    "recorded in answers; the OpenAPI file has it in requests",
  "proxmox PUT /api2/json/access/users/* lastname: form":
    "recorded in POST, and PUT with firstname; the API's schema has it in both",
};

/** Proxmox itself asks for these, not the program. */
const askedByProxmox = /^\/application\/o\/(token|userinfo)\//;

type System = keyof typeof shapes;

interface SentRequest {
  method: string;
  path: string;
  body: string;
}

const sent: { system: System; request: SentRequest }[] = [];
const passwords = { akadmin: "p4ssword-of-akadmin", root: "p4ssword-of-root" };
const credentials: Record<string, string> = {
  authentikToken: "t0ken-of-authentik-for-this-test",
  proxmoxToken: `root@pam!test=${randomUUID()}`,
  testPassword: passwords.akadmin,
};

type Properties = Record<string, unknown>;

/** One resource as the engine runs it. */
async function resource(type: string, given: Properties) {
  const provider = providerFor(type);
  const values = new Map(Object.entries(credentials).map(([key, value]) => [credentialKey(key), value]));
  const get = (key: string) => values.get(key);
  await provider.configure({ config: { get, require: (key) => get(key) ?? "" } });

  async function checked(inputs: Properties): Promise<Properties> {
    const result = await provider.check({}, inputs);
    assert.deepEqual(result.failures, []);
    return result.inputs;
  }

  const created = await provider.create(await checked(given));
  let state: Properties = created.outs;
  return {
    get state() {
      return state;
    },
    async refresh() {
      const { props, inputs } = await provider.read(created.id, state);
      assert.deepEqual((await provider.diff(created.id, props, inputs)).changes, false);
      state = props;
    },
    async change(changes: Properties) {
      const inputs = await checked({ ...given, ...changes });
      state = (await provider.update(created.id, state, inputs)).outs ?? {};
    },
    remove: () => provider.delete(created.id, state),
  };
}

suite("every request that the program sends was recorded with a real server", () => {
  let authentik: RunningAuthentik;
  let proxmox: RunningProxmox;

  before(async () => {
    authentik = await startAuthentik({
      bootstrap: { token: credentials.authentikToken, password: passwords.akadmin },
      tlsTickSeconds: 1,
      onRequest: (request) => sent.push({ system: "authentik", request }),
    });
    proxmox = await startProxmox({
      port: 0,
      rootPassword: passwords.root,
      tokens: [credentials.proxmoxToken ?? ""],
      onRequest: (request) => sent.push({ system: "proxmox", request }),
    });
    await runProgram();
  });

  after(async () => {
    await proxmox.close();
    await authentik.close();
  });

  /** Every resource through its life, in the order of an `up` and a `destroy`. */
  async function runProgram(): Promise<void> {
    const inAuthentik = { authentik: { url: authentik.httpUrl } };
    const inProxmox = { proxmox: { url: proxmox.url, caCertificate: proxmox.caPem } };
    const redirectUri = "https://pve.example.com:8006";

    const readiness = await resource("authentik:Readiness", { ...inAuthentik, waitSeconds: 10 });
    const identity = await resource("sso:Identity", {});
    const { clientId, clientSecret, serialNumber } = identity.state;
    const certificate = await resource("authentik:Certificate", {
      ...inAuthentik,
      name: "signing",
      commonName: "127.0.0.1",
      subjectAltNames: ["127.0.0.1"],
      serialNumber,
    });
    const provider = await resource("authentik:OAuth2Provider", {
      ...inAuthentik,
      name: "Proxmox VE",
      clientId,
      clientSecret,
      redirectUris: [{ url: redirectUri }],
      signingKey: certificate.state.pk,
    });
    const application = await resource("authentik:Application", {
      ...inAuthentik,
      name: "Proxmox VE",
      slug: "proxmox",
      provider: provider.state.pk,
      launchUrl: redirectUri,
    });
    const issuerUrl = `${authentik.httpUrl}/application/o/proxmox/`;
    const realm = await resource("proxmox:OpenIdRealm", {
      ...inProxmox,
      realm: "authentik",
      issuerUrl,
      clientId,
      clientKey: clientSecret,
      comment: "Proxmox VE",
      prompt: "login",
    });
    const proof = await resource("sso:LoginProof", {
      ...inProxmox,
      realm: "authentik",
      issuerUrl,
      signingFingerprint: certificate.state.fingerprint,
      redirectUris: [redirectUri],
      testUser: { username: "akadmin", passwordConfigKey: "testPassword" },
    });
    const group = await resource("authentik:Group", {
      ...inAuthentik,
      name: "pve-admins",
      attributes: { team: "infrastructure" },
      ownershipMark: "0123456789abcdef",
    });
    const user = await resource("authentik:User", {
      ...inAuthentik,
      username: "alice",
      name: "Alice",
      email: "alice@example.com",
      groups: [group.state.pk],
      initialPassword: "p4ssword-of-alice",
    });
    const binding = await resource("authentik:PolicyBinding", {
      ...inAuthentik,
      target: application.state.pk,
      group: group.state.pk,
    });
    const scopeMapping = await resource("authentik:ScopeMapping", {
      ...inAuthentik,
      name: "Proxmox groups",
      scopeName: "proxmox",
      expression: "return {}",
      description: "Groups in Proxmox",
    });
    const brand = await resource("authentik:Brand", {
      ...inAuthentik,
      domain: "auth.example.com",
      title: "Proxmox VE",
      authenticationFlow: "default-authentication-flow",
    });
    const webCertificate = await resource("authentik:WebCertificate", {
      ...inAuthentik,
      certificate: certificate.state.pk,
      fingerprint: certificate.state.fingerprint,
      servedAt: authentik.httpsUrl,
    });
    const proxmoxGroup = await resource("proxmox:Group", {
      ...inProxmox,
      group: "pve-admins-authentik",
      comment: "Administrators",
      ownershipMark: serialNumber,
    });
    const acl = await resource("proxmox:Acl", {
      ...inProxmox,
      path: "/",
      role: "PVEAdmin",
      groups: ["pve-admins-authentik"],
    });
    const role = await resource("proxmox:Role", {
      ...inProxmox,
      role: "Operator",
      privileges: ["VM.PowerMgmt"],
    });
    const proxmoxUser = await resource("proxmox:User", {
      ...inProxmox,
      userId: "alice@authentik",
      groups: ["pve-admins-authentik"],
      email: "alice@example.com",
      lastName: "Doe",
    });
    const onlyBindings = await resource("authentik:ExclusiveBindings", {
      ...inAuthentik,
      target: application.state.pk,
      bindings: [binding.state.pk],
    });
    const onlyPermissions = await resource("proxmox:ExclusivePermissions", {
      ...inProxmox,
      permissions: [{ group: "pve-admins-authentik", role: "PVEAdmin", path: "/" }],
    });
    const login = [readiness, identity, certificate, provider, application, realm, proof];
    const inAuthentikToo = [group, user, binding, scopeMapping, brand, webCertificate];
    const inProxmoxToo = [proxmoxGroup, acl, role, proxmoxUser];
    const inOrder = [...login, ...inAuthentikToo, ...inProxmoxToo, onlyBindings, onlyPermissions];
    for (const made of inOrder) await made.refresh();

    await certificate.change({ name: "signing tokens" });
    await certificate.change({ name: "signing tokens", validityDays: 30 });
    await provider.change({
      name: "PVE",
      redirectUris: [{ url: redirectUri }, { url: "https://10.0.0.1:8006" }],
      accessTokenValidity: "minutes=10",
      signingKey: undefined,
    });
    await application.change({ name: "PVE", slug: "pve", launchUrl: "https://10.0.0.1:8006" });
    await group.change({ name: "pve-users", attributes: {} });
    await user.change({ email: "alice@example.org", initialPassword: "another-p4ssword" });
    await brand.change({ title: "PVE" });
    await binding.change({ group: group.state.pk, order: 3, negate: true, enabled: false });
    await scopeMapping.change({ expression: "return {}  # nothing", description: "Nothing" });
    await realm.change({ comment: undefined, prompt: undefined, autocreate: false, scopes: "email profile" });
    await proxmoxGroup.change({ comment: undefined });
    await role.change({ privileges: [] });
    await proxmoxUser.change({
      enabled: false,
      expires: "2030-01-01",
      firstName: "Alice",
      lastName: undefined,
    });
    // What it had, the groups have by hand then.
    await onlyPermissions.change({
      permissions: [{ group: "pve-admins-authentik", role: "PVEAuditor", path: "/" }],
    });
    await acl.change({ path: "/vms", role: "PVEVMAdmin", propagate: false, users: ["root@pam"] });
    for (const made of inOrder.toReversed()) await made.remove();
  }

  test("by method, path, query and the keys and types of its body", () => {
    const problems = new Set(sent.flatMap(({ system, request }) => differencesFromRecorded(system, request)));
    assert.deepEqual([...problems].sort(), Object.keys(notRecorded).sort());
  });

  test("and the program sends all kinds of them", () => {
    const methods = new Set(sent.map(({ system, request }) => `${system} ${request.method}`));
    assert.deepEqual([...methods].sort(), [
      "authentik DELETE",
      "authentik GET",
      "authentik PATCH",
      "authentik POST",
      "proxmox DELETE",
      "proxmox GET",
      "proxmox POST",
      "proxmox PUT",
    ]);
  });
});

function differencesFromRecorded(system: System, { method, path, body }: SentRequest): string[] {
  const { pathname, searchParams } = new URL(path, "http://server");
  if (askedByProxmox.test(pathname)) return [];
  const call = callOf(system, `${method} ${pathname}`);
  const shape = call === undefined ? undefined : shapes[system][call];
  if (shape === undefined) return [`${system} ${method} ${pathname}`];
  const query = [...searchParams.keys()].filter((key) => !shape.query.includes(key));
  const unknownKeys = Object.entries(bodyOf(system, body)).filter(
    ([key, type]) => !shape.body[key]?.includes(type),
  );
  return [
    ...query.map((key) => `${system} ${call} ?${key}`),
    ...unknownKeys.map(([key, type]) => `${system} ${call} ${key}: ${type}`),
  ];
}

/** The recorded call that this is one of: the very same, or one about another object. */
function callOf(system: System, request: string): string | undefined {
  const calls = Object.keys(shapes[system]);
  return calls.find((call) => call === request) ?? calls.find((call) => patternOf(call).test(request));
}

/** `*` stands for the part of a path that names an object. */
function patternOf(call: string): RegExp {
  const escaped = call.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^/]+")}$`);
}

/** The body's keys, with their types on the wire. */
function bodyOf(system: System, body: string): Record<string, string> {
  if (system === "proxmox" || !body.startsWith("{")) {
    return Object.fromEntries([...new URLSearchParams(body).keys()].map((key) => [key, "form"]));
  }
  const typeOf = (value: unknown) =>
    value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return Object.fromEntries(Object.entries(JSON.parse(body)).map(([key, value]) => [key, typeOf(value)]));
}
