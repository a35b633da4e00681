import { createServer, type Socket } from "node:net";
import { certificateBy, pass } from "./lab";
import { answers, disturb, undisturbed } from "./reach";
import { type Remedy, refreshed } from "./remedy";
import type { Stack } from "./stack";

const isPublic = (path: string) => path.startsWith("/application/o/");
const isAuthorization = (path: string) => path.startsWith("/application/o/authorize/");

const provider =
  (changes: Record<string, unknown>) =>
  ({ lab }: Stack) =>
    lab.byHand.provider(changes);

/** The connection of the node to authentik goes to another port. */
function nodeReaches({ lab }: Stack, target: string): void {
  lab.proxmox.node.hosts[new URL(lab.urls.authentik).host] = target;
}

const nodeReachesAuthentik = ({ lab }: Stack) => {
  delete lab.proxmox.node.hosts[new URL(lab.urls.authentik).host];
};

/** Answers in one way until the advice. */
const front =
  (matches: (path: string) => boolean, ...answer: Parameters<typeof answers>) =>
  (stack: Stack) =>
    disturb(stack, matches, answer);

/** The pages of authentik have this path. */
const page = (text: string) => `<html><link href="/static/dist/page.css"><h1>${text}</h1></html>`;

const throughFlow = async ({ lab: { flows } }: Stack, slug: string, ...stages: Promise<unknown>[]) =>
  flows.logInBy(
    slug,
    await flows.identification(),
    await flows.stage("password"),
    ...(await Promise.all(stages)),
  );

const rightFlow = async (stack: Stack) => throughFlow(stack, "right", stack.lab.flows.stage("user_login"));

const connections: Socket[] = [];
const silent = createServer((socket) => connections.push(socket));

/** Rows of "The login", about the servers. */
export const links: readonly Remedy[] = [
  {
    row: "No application has this slug",
    fault: ({ lab }) => lab.byHand.call("DELETE", "core/applications/proxmox/"),
    advice: refreshed,
  },
  {
    row: "http status: 5",
    async fault({ lab }) {
      const { certificate } = await certificateBy(lab.ca);
      const bare = { name: "without a key", certificate_data: certificate };
      const { pk } = await lab.byHand.call("POST", "crypto/certificatekeypairs/", bare);
      await lab.byHand.provider({ signing_key: pk });
    },
    advice: refreshed,
  },
  {
    row: "authentik's … is not at …: the answer is …",
    fault: front(isPublic, 302, "", { location: "https://portal.example.com/" }),
    advice: undisturbed,
  },
  {
    row: "authentik's issuer is …",
    fault({ lab }) {
      lab.headers["x-forwarded-proto"] = "http";
    },
    advice({ lab }) {
      lab.headers["x-forwarded-proto"] = "https";
    },
  },
  { row: "authentik signs ID tokens with …", fault: provider({ signing_key: null }), advice: refreshed },
  {
    row: "authentik does not send the claim …, from which the realm reads groups",
    fault: provider({ property_mappings: [] }),
    advice: refreshed,
  },
  {
    row: "do not have the stack's signing certificate",
    async fault({ lab }) {
      const pairs = await lab.byHand.list("crypto/certificatekeypairs/");
      const other = pairs.find(({ name }) => String(name).startsWith("authentik"));
      await lab.byHand.provider({ signing_key: other?.pk });
    },
    advice: refreshed,
  },
  {
    row: "unable to get local issuer certificate",
    fault: ({ lab }) => lab.trust(lab.proxmox.caPem),
    advice: ({ lab }) => lab.trust(lab.ca.certificate),
  },
  {
    row: "hostname mismatch",
    fault({ lab }) {
      lab.proxmox.node.clock.offsetSeconds = -7 * 86_400;
    },
    advice({ lab }) {
      lab.proxmox.node.clock.offsetSeconds = 0;
    },
  },
  {
    row: "Connection refused",
    fault: (stack) => nodeReaches(stack, "127.0.0.1:1"),
    advice: nodeReachesAuthentik,
  },
  {
    row: "The node waited 30 s",
    async fault(stack) {
      stack.lab.proxmox.node.daemon.timeoutMs = 300;
      await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
      nodeReaches(stack, `127.0.0.1:${Object(silent.address()).port}`);
    },
    advice(stack) {
      stack.lab.proxmox.node.daemon.timeoutMs = 30_000;
      silent.close();
      for (const socket of connections) socket.destroy();
      nodeReachesAuthentik(stack);
    },
  },
  {
    row: "if the provider's grant types lack authorization_code",
    fault: provider({ grant_types: ["password"] }),
    advice: refreshed,
  },
  {
    row: "authentik refuses the redirect URI",
    fault: ({ lab }) =>
      lab.byHand.redirectUris({ matching_mode: "strict", url: "https://pve.example.com:8006" }),
    advice: refreshed,
  },
  {
    row: "authentik's address sends the browser to",
    fault: front(isAuthorization, 302, "", { location: "https://portal.example.com/" }),
    advice: undisturbed,
  },
  {
    row: "is not a page of authentik",
    fault: front(isAuthorization, 200, "<html><h1>Are you a person?</h1></html>"),
    advice: undisturbed,
  },
  {
    row: "authentik answered the authorization request with …",
    fault: front(isAuthorization, 400, page("Bad Request")),
    advice: undisturbed,
  },
  {
    row: "401 authentication failure",
    fault: provider({ client_secret: "another-secret" }),
    advice: refreshed,
  },
];

/** Rows of "The login", about its user and its flow. */
export const users: readonly Remedy[] = [
  {
    row: "Permission denied",
    fault: (stack) => stack.set({ access: '{"pve-users":{"/vms":"PVEVMUser"}}' }),
    async advice(stack) {
      stack.set({ access: stack.lab.config.plain.access ?? "" });
      await refreshed(stack);
    },
  },
  {
    row: "does not let … in",
    fault: (stack) => stack.set({}, { testPassword: "wrong" }),
    advice: (stack) => stack.set({}, stack.lab.config.secret),
  },
  {
    row: "asks … for …, which a program cannot answer",
    fault: (stack) => throughFlow(stack, "captcha", stack.lab.flows.captcha()),
    advice: rightFlow,
  },
  { row: "did not finish the login", fault: (stack) => throughFlow(stack, "endless"), advice: rightFlow },
  {
    row: "failed inside authentik",
    fault: front(
      (path) => path.startsWith("/api/v3/flows/executor/"),
      200,
      '{"component":"ak-stage-flow-error","error":"NameError"}',
    ),
    advice: undisturbed,
  },
  {
    row: "lets a user who is in no group of `access` use the application",
    async fault(stack) {
      const everybody = { name: "everybody", expression: "return True" };
      const { pk: policy } = await stack.lab.byHand.call("POST", "policies/expression/", everybody);
      const { pk: target } = await stack.lab.byHand.call("GET", "core/applications/proxmox/");
      await stack.lab.byHand.call("POST", "policies/bindings/", { target, policy, order: 7 });
      byOwnUser(stack);
    },
    advice: refreshed,
  },
  {
    row: "has none of its permissions on …",
    async fault(stack) {
      const acl = { path: "/vms", roles: "PVEVMUser", groups: "pve-users-authentik", delete: "1" };
      await stack.lab.inProxmox("PUT", "/access/acl", acl);
      byOwnUser(stack);
    },
    advice: refreshed,
  },
  {
    row: "denies the application to a member of the group …",
    async fault(stack) {
      const closing = (await stack.lab.byHand.bindings()).find(({ group_obj }) =>
        /closed/.test(String(Object(group_obj).name)),
      );
      await stack.lab.byHand.call("DELETE", `policies/bindings/${closing?.pk}/`);
      byOwnUser(stack);
    },
    advice: refreshed,
  },
  {
    row: "Proxmox calls the proof's user …",
    async fault(stack) {
      const { inProxmox } = stack.lab;
      const realm = await stack.lab.inProxmox("GET", "/access/domains/authentik");
      const { digest: _, "username-claim": __, ...kept } = realm;
      await stack.lab.inProxmox("DELETE", "/access/domains/authentik");
      await inProxmox.call(stack.lab, "POST", "/access/domains", {
        ...Object.fromEntries(Object.entries(kept).map(([key, value]) => [key, String(value)])),
        realm: "authentik",
        "username-claim": "email",
      });
      byOwnUser(stack);
    },
    advice: refreshed,
  },
  {
    row: "nobody logged in: …",
    async fault(stack) {
      await throughFlow(stack, "demanding", stack.lab.flows.captcha());
      byOwnUser(stack);
    },
    async advice(stack) {
      await rightFlow(stack);
      stack.engine.state.delete("sso-proof");
    },
  },
  {
    row: "The proof's user could not be removed",
    fault(stack) {
      byOwnUser(stack);
      stack.lab.meet.authentik = (exchange) =>
        exchange.method === "DELETE" && exchange.path.includes("/core/users/")
          ? exchange.reply(answers(500, "<html>Server Error</html>"))
          : pass(exchange);
    },
    advice: undisturbed,
  },
  {
    row: "Some addresses cannot be reached from here",
    fault: (stack) =>
      stack.set({ proxmoxAddresses: JSON.stringify([stack.lab.urls.proxmox, "https://127.0.0.1:1"]) }),
    advice: (stack) => stack.set({ proxmoxAddresses: JSON.stringify([stack.lab.urls.proxmox]) }),
  },
];

/** The proof makes a user, and logs it in. */
function byOwnUser(stack: Stack): void {
  stack.set({ testUsername: "" }, { testPassword: "" });
}
