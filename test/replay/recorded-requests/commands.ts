import { disableBootstrapToken } from "../../../cli/credentials/bootstrap-token";
import { serviceAccountToken } from "../../../cli/credentials/service-account";
import { greet } from "../../../cli/doctor/greet";
import { accountToMake, grantsFor } from "../../../cli/init/proxmox-account";
import { authentikPlace } from "../../../cli/offboard/authentik";
import { proxmoxPlace } from "../../../cli/offboard/proxmox";
import type { Place } from "../../../cli/offboard/remnant";
import { readHandMade } from "../../../cli/takeover/hand-made";
import type { RunningAuthentik } from "../../../lab/authentik/start";
import { hashToken } from "../../../lab/proxmox/access/secrets";
import type { RunningProxmox } from "../../../lab/proxmox/server";
import { AuthentikClient } from "../../../providers/authentik/client";
import { ProxmoxClient } from "../../../providers/proxmox/client";

/**
 * Requests of `npm run takeover`, `offboard`, `show`, `doctor` and `credentials`, in addition to the
 * resources.
 */
export async function runCommands(
  { httpUrl, httpsUrl }: RunningAuthentik,
  proxmox: RunningProxmox,
  authentikToken: string,
  passwords: { akadmin: string; root: string },
): Promise<void> {
  const tokenConfigKey = "authentikToken";
  const authentik = new AuthentikClient({ url: httpUrl, token: authentikToken, tokenConfigKey });
  const trust = { url: proxmox.url, caCertificate: proxmox.caPem };
  const credential = { username: "root@pam", password: passwords.root, configKey: "proxmoxPassword" };
  const api = new ProxmoxClient({ ...trust, credential });

  await greet({ url: httpUrl, path: "/-/health/live/", name: "authentik", caKey: "" });
  await api.nodes();
  await authentik.workers();
  await takeOver(authentik, api, httpUrl);
  await makeAccount(api);
  await authentik.groups.create({ name: "staff" });
  await authentik.membersOf("staff");
  await offboard(authentik, httpUrl, api, proxmox);

  const own = await serviceAccountToken(authentik, "proxmox-authentik-sso-test");
  // Repeated, as after an interruption.
  await serviceAccountToken(authentik, "proxmox-authentik-sso-test");
  await disableBootstrapToken(authentik, authentikToken);
  await new AuthentikClient({ url: httpUrl, token: own, tokenConfigKey }).self();
  await greet({ url: httpsUrl, path: "/-/health/ready/", name: "authentik", caKey: "" }).catch(
    () => undefined,
  );
}

async function takeOver(authentik: AuthentikClient, proxmox: ProxmoxClient, origin: string): Promise<void> {
  const [flow] = await authentik.flows.list({ slug: "default-provider-authorization-implicit-consent" });
  const provider = await authentik.oauth2Providers.create({
    name: "by hand",
    authorization_flow: flow?.pk,
    invalidation_flow: flow?.pk,
    client_id: "by-hand",
    redirect_uris: [],
  });
  await authentik.applications.create({ name: "by hand", slug: "by-hand", provider: provider.pk });
  await proxmox.createRealm("by-hand", {
    "issuer-url": `${origin}/application/o/by-hand/`,
    "client-id": "by-hand",
  });
  await readHandMade({ authentik, proxmox, origin }, undefined);
}

/** What `npm run init` creates with root's password, and removes if a later step fails. */
async function makeAccount(api: ProxmoxClient): Promise<void> {
  await api.certificatesOf("pve");
  const account = await accountToMake(api, grantsFor("authentik", ["/"]), { stack: "test", secretKey: "" });
  const { undo } = await account.make();
  await undo();
}

/** A person with every kind of access. The proof's login has left a session of akadmin. */
async function offboard(
  authentik: AuthentikClient,
  url: string,
  client: ProxmoxClient,
  { node }: RunningProxmox,
): Promise<void> {
  const user = await authentik.users.create({ username: "bob", name: "Bob", path: "users", groups: [] });
  await authentik.tokens.create({ identifier: "bob-ci", intent: "api", user: user.pk, expiring: false });
  await endAll(authentikPlace(url, authentik, "bob"));
  await endAll(authentikPlace(url, authentik, "akadmin"));
  const ci = { expire: 0, privsep: false, secretHash: hashToken("secret") };
  node.store.config.users["bob@pve"] = { enable: true, expire: 0, tokens: { ci } };
  const account = { url: "", client, userId: "bob@pve", ownUserId: "root@pam" };
  await endAll(proxmoxPlace({ ...account, deletes: false }));
  await endAll(proxmoxPlace({ ...account, deletes: true }));
}

async function endAll(place: Place): Promise<void> {
  for (const { end } of await place.look()) await end?.();
}
