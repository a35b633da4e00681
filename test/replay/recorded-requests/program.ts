import assert from "node:assert/strict";
import type { RunningAuthentik } from "../../../lab/authentik/start";
import type { RunningProxmox } from "../../../lab/proxmox/server";
import { Claims } from "../../../providers/core/claims";
import { credentialKey } from "../../../providers/core/credentials";
import { providerFor } from "../../../providers/registry";

type Properties = Record<string, unknown>;

/** One resource as the engine runs it. */
async function resourceAs(credentials: Record<string, string>, type: string, given: Properties) {
  const values = new Map(Object.entries(credentials).map(([key, value]) => [credentialKey(key), value]));
  const get = (key: string) => values.get(key);
  async function inRunOfItsOwn() {
    const one = providerFor(type, new Claims());
    await one.configure({ config: { get, require: (key) => get(key) ?? "" } });
    return one;
  }
  const provider = await inRunOfItsOwn();

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
    remove: async () => (await inRunOfItsOwn()).delete(created.id, state),
  };
}

/** Creates, changes, reads and deletes every resource, in the order of an `up` and a `destroy`. */
export async function runProgram(
  authentik: RunningAuthentik,
  proxmox: RunningProxmox,
  credentials: Record<string, string>,
): Promise<void> {
  const resource = (type: string, given: Properties) => resourceAs(credentials, type, given);
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
  const proofOfOwnUser = await resource("sso:LoginProof", {
    ...inProxmox,
    ...inAuthentik,
    realm: "authentik",
    issuerUrl,
    signingFingerprint: certificate.state.fingerprint,
    redirectUris: [redirectUri],
    ownUser: { usernameClaim: "username", refusesOthers: false, groups: [] },
  });
  const group = await resource("authentik:Group", {
    ...inAuthentik,
    name: "pve-admins",
    attributes: { team: "infrastructure" },
    ownershipMark: "0123456789abcdef",
  });
  const parent = await resource("authentik:Group", { ...inAuthentik, name: "staff" });
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
  const nodes = await resource("proxmox:ClusterNodes", {
    ...inProxmox,
    address: "https://{node}.example.com:8006",
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
  const login = [readiness, identity, certificate, provider, application, realm, proof, proofOfOwnUser];
  const inAuthentikToo = [group, parent, user, binding, scopeMapping, brand, webCertificate];
  const inProxmoxToo = [proxmoxGroup, nodes, acl, role, proxmoxUser];
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
  await group.change({
    name: "pve-users",
    attributes: {},
    isSuperuser: true,
    parents: [parent.state.pk],
  });
  await group.change({ parents: [] });
  await user.change({
    name: "Alice Doe",
    email: "alice@example.org",
    initialPassword: "another-p4ssword",
    isActive: false,
    type: "external",
    path: "guests",
    groups: [],
  });
  await brand.change({ title: "PVE", authenticationFlow: "default-invalidation-flow", logo: "/logo.svg" });
  await binding.change({ group: group.state.pk, order: 3, negate: true, enabled: false });
  await scopeMapping.change({
    name: "Groups in PVE",
    scopeName: "pve",
    expression: "return {}  # nothing",
    description: "Nothing",
  });
  await realm.change({ comment: undefined, prompt: undefined, autocreate: false, scopes: "email profile" });
  await proxmoxGroup.change({ comment: undefined });
  await role.change({ privileges: [] });
  await proxmoxUser.change({
    enabled: false,
    expires: "2030-01-01",
    firstName: "Alice",
    lastName: undefined,
  });
  // The groups get its permissions by hand.
  await onlyPermissions.change({
    permissions: [{ group: "pve-admins-authentik", role: "PVEAuditor", path: "/" }],
  });
  await acl.change({ path: "/vms", role: "PVEVMAdmin", propagate: false, users: ["root@pam"] });
  for (const made of inOrder.toReversed()) await made.remove();
}
