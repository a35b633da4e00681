import { startAccessControl } from "../../lab/access-control/server";
import { pass } from "./lab";
import { answers } from "./reach";
import type { Remedy } from "./remedy";
import type { Stack } from "./stack";

const right = (stack: Stack) => stack.set(stack.lab.config.plain, stack.lab.config.secret);

const privileges = ["Realm.Allocate", "Realm.AllocateUser", "User.Modify", "Permissions.Modify", "Sys.Audit"];

/** Answers the creation of the realm with a parameter error. */
const atRealm =
  (errors: Record<string, string>) =>
  ({ lab }: Stack) => {
    const body = JSON.stringify({ data: null, message: "Parameter verification failed.", errors });
    lab.meet.proxmox = (exchange) =>
      exchange.method === "POST" && exchange.path.endsWith("/access/domains")
        ? exchange.reply(answers(400, body))
        : pass(exchange);
  };

/** A token of a user in the realm of the stack. */
async function tokenInRealm({ lab }: Stack): Promise<string> {
  const user = "pulumi@authentik";
  await lab.inProxmox("POST", "/access/users", { userid: user });
  await lab.inProxmox("PUT", "/access/acl", { path: "/", roles: "Administrator", users: user });
  const token = await lab.inProxmox("POST", `/access/users/${user}/token/sso`, { privsep: "0" });
  return `${token["full-tokenid"]}=${token.value}`;
}

/** A token with these privileges on `/`. */
async function tokenWith({ lab }: Stack, privs: readonly string[]): Promise<string> {
  await lab.inProxmox("POST", "/access/users", { userid: "pulumi@pve" });
  await lab.inProxmox("POST", "/access/roles", { roleid: "SsoSetup", privs: privs.join(",") });
  await lab.inProxmox("PUT", "/access/acl", { path: "/", roles: "SsoSetup", users: "pulumi@pve" });
  const token = await lab.inProxmox("POST", "/access/users/pulumi@pve/token/sso", { privsep: "0" });
  return `${token["full-tokenid"]}=${token.value}`;
}

const onProxmox =
  (...answer: Parameters<typeof answers>) =>
  ({ lab }: Stack) => {
    lab.meet.proxmox = (exchange) =>
      exchange.path.includes("/access/users") ? exchange.reply(answers(...answer)) : pass(exchange);
  };

const undisturbed = ({ lab }: Stack) => {
  lab.meet.proxmox = pass;
};

let backup: Awaited<ReturnType<typeof startAccessControl>> | undefined;

/** Rows of "Proxmox's API". */
export const proxmox: readonly Remedy[] = [
  {
    row: "is the address of …, not of …",
    isFirst: true,
    async fault(stack) {
      backup = await startAccessControl({
        product: "backup",
        port: 0,
        rootPassword: "p4ssword",
        tokens: [],
        authenticationDelayMs: 0,
      });
      stack.set({ proxmoxApiUrl: backup.url, proxmoxCa: backup.caPem });
    },
    async advice(stack) {
      await backup?.close();
      stack.set({ proxmoxApiUrl: "", proxmoxCa: stack.lab.ca.certificate });
    },
  },
  {
    row: "Proxmox refuses the API token",
    fault: (stack) => stack.set({}, { proxmoxToken: "root@pam!page=11111111-2222-3333-4444-555555555555" }),
    advice: right,
  },
  {
    row: "Proxmox refuses the login of …",
    fault: (stack) => stack.set({ proxmoxUsername: "root@pam" }, { proxmoxPassword: "wrong" }),
    advice(stack) {
      stack.set({ proxmoxUsername: "" }, { proxmoxPassword: "" });
      right(stack);
    },
  },
  {
    row: "Permission check failed",
    isFirst: true,
    fault: async (stack) => stack.set({}, { proxmoxToken: await tokenWith(stack, privileges) }),
    advice: (stack) => runPveum(stack),
  },
  {
    row: "Proxmox has no role",
    fault: (stack) => stack.set({ access: '{"authentik Admins":{"as":"admins","/":"Operator"}}' }),
    advice: (stack) => stack.set({ roles: '{"Operator":["VM.Audit"]}' }),
  },
  {
    row: "invalid privilege",
    fault: (stack) => stack.set({ roles: '{"Operator":["VM.Fly"]}' }),
    advice: (stack) => stack.set({ roles: '{"Operator":["VM.Audit"]}' }),
  },
  {
    row: "the realm name is taken by a realm of type",
    async fault(stack) {
      stack.lab.proxmox.node.store.config.domainsCfg +=
        "ad: corp\n\tdomain example.com\n\tserver1 ad.example.com\n\n";
      stack.set({ realm: "corp" });
    },
    advice: (stack) => stack.set({ realm: "company" }),
  },
  {
    row: "its username claim is fixed at creation",
    isFirst: true,
    async fault(stack) {
      await stack.lab.inProxmox("POST", "/access/domains", {
        realm: "authentik",
        type: "openid",
        "issuer-url": `${stack.lab.urls.authentik}/application/o/proxmox/`,
        "client-id": "by-hand",
        "username-claim": "email",
      });
      stack.set({ adopt: "true" });
    },
    advice: ({ lab }) => lab.inProxmox("DELETE", "/access/domains/authentik"),
  },
  {
    row: "it has users: …",
    async fault(stack) {
      stack.set({ usersOnDelete: "refuse" });
      const failure = await stack.up();
      if (failure) throw failure;
      await stack.lab.inProxmox("POST", "/access/users", { userid: "eve@authentik" });
    },
    shownBy: "destroy",
    advice: (stack) => stack.set({ usersOnDelete: "keep" }),
  },
  {
    row: "detected modified configuration",
    fault(stack) {
      let times = 0;
      stack.set({ realmDefault: "true" });
      stack.lab.meet.proxmox = async (exchange) => {
        if (exchange.method === "PUT" && exchange.path.includes("/access/domains/")) {
          times += 1;
          await stack.lab.inProxmox("PUT", "/access/domains/authentik", { "acr-values": `gold${times}` });
        }
        await pass(exchange);
      };
    },
    advice: undisturbed,
  },
  {
    row: "Proxmox's daemon pvedaemon did not answer",
    fault({ lab }) {
      lab.proxmox.node.daemon.runs = false;
    },
    advice({ lab }) {
      lab.proxmox.node.daemon.runs = true;
    },
  },
  {
    row: "own token belongs to one of its users",
    fault: async (stack) =>
      stack.set({ usersOnDelete: "remove" }, { proxmoxToken: await tokenInRealm(stack) }),
    shownBy: "destroy",
    advice: right,
  },
  {
    row: "Proxmox refuses it: …",
    isFirst: true,
    fault: atRealm({ comment: "value may only be 5 characters long" }),
    advice: undisturbed,
  },
  {
    row: "This Proxmox version does not have the option",
    isFirst: true,
    fault: atRealm({
      "groups-claim": "property is not defined in schema and the schema does not allow additional properties",
    }),
    advice: undisturbed,
  },
  { row: "Proxmox answered … with …", fault: onProxmox(503, "<html>busy</html>"), advice: undisturbed },
];

/** Runs the `pveum` lines of the last message. */
async function runPveum(stack: Stack): Promise<void> {
  const lines = stack.failed.match(/pveum [^\n]+/g) ?? [];
  for (const line of lines) {
    const option = (name: string) => new RegExp(`--${name} '?([^\\s']+)`).exec(line)?.[1] ?? "";
    const [, object, verb, subject = ""] = line.split(" ");
    if (object === "role") {
      const known = stack.lab.proxmox.node.store.config.roles[subject];
      const privs = [...(known ?? []), option("privs")].join(",");
      if (known) await stack.lab.inProxmox("PUT", `/access/roles/${subject}`, { privs });
      else await stack.lab.inProxmox("POST", "/access/roles", { roleid: subject, privs });
    } else if (object === "acl" && verb === "modify") {
      const given = { users: option("users"), tokens: option("tokens") };
      const who = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
      await stack.lab.inProxmox("PUT", "/access/acl", { path: subject, roles: option("roles"), ...who });
    }
  }
}
