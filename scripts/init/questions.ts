import { readFileSync } from "node:fs";
import { authentikOrigin, redirectUriOf } from "../../components/addresses";
import { configSchema } from "../../config/schema";
import { certificateAt } from "../certificate-at";
import type { Terminal } from "./ask";
import { findSetUp, type SetUp } from "./existing";
import type { NewStack } from "./new-stack";

type Values = Pick<NewStack, "plain" | "secret">;

const tokenCommands = `pveum role add SsoSetup --privs "Realm.Allocate,Realm.AllocateUser,User.Modify"
pveum user add pulumi@pve --comment "proxmox-authentik-sso"
pveum acl modify /access --users pulumi@pve --roles SsoSetup
pveum user token add pulumi@pve sso --privsep 0`;

/** Asks for what a new stack needs; writes nothing. */
export async function askForStack(terminal: Terminal, name: string | undefined): Promise<NewStack> {
  const stack =
    name ??
    ((await terminal.text({ message: "A name for the stack?", placeholder: "prod", optional: true })) ||
      "prod");
  const authentik = await askForAuthentik(terminal);
  const proxmox = await askForProxmox(terminal);
  const known = merge(authentik, proxmox);
  const parts = [known, await askForSetUp(terminal, known), await askForLogin(terminal)];
  return { name: stack, ...parts.reduce(merge) };
}

async function askForAuthentik(terminal: Terminal): Promise<Values> {
  const kind = await terminal.choose("Where does authentik run?", {
    docker: "on Docker: make one for me",
    existing: "I have one already",
  });
  const url = await terminal.text({
    message: "authentik's address, as people and Proxmox will open it?",
    placeholder: "https://auth.example.com",
    check: authentikOrigin,
  });
  if (kind === "docker") {
    const host = await terminal.text({
      message: "Docker on another machine? (empty: on this one)",
      placeholder: "ssh://root@docker.example.com",
      optional: true,
    });
    return { plain: { authentikUrl: url, ...(host && { dockerHost: host }) }, secret: {} };
  }
  terminal.note(
    "Directory > Tokens and App passwords > Create, with the intent API Token, for an administrator.",
    "In authentik",
  );
  const token = await terminal.secret({ message: "Its API token?" });
  const ca = await askForCa(terminal, "PEM file of the CA of its certificate? (empty: a public one)");
  return {
    plain: { authentikUrl: url, deployAuthentik: "false", ...(ca && { authentikCaCertificate: ca }) },
    secret: { authentikToken: token },
  };
}

async function askForProxmox(terminal: Terminal): Promise<Values> {
  const list = await terminal.text({
    message: "Every address at which people open Proxmox, with commas between them?",
    placeholder: "https://pve1.example.com:8006, https://pve2.example.com:8006",
    check: (answer) => addressesIn(answer).map(redirectUriOf),
  });
  const addresses = addressesIn(list);
  const trust = await askForTrust(terminal, addresses[0] ?? "");
  terminal.note(tokenCommands, "As root on one node, unless you have a token");
  const token = await terminal.secret({
    message: "The API token, as user@realm!name=value?",
    check: (answer) => {
      const { error } = configSchema.shape.proxmoxToken.safeParse(answer);
      if (error) throw new Error(error.issues[0]?.message);
    },
  });
  const entries = addresses.map((address, index) => [`proxmoxAddresses[${index}]`, address]);
  return { plain: { ...Object.fromEntries(entries), ...trust }, secret: { proxmoxToken: token } };
}

async function askForTrust(terminal: Terminal, address: string): Promise<Record<string, string>> {
  const kind = await terminal.choose("How is Proxmox's certificate known?", {
    ca: "by its own CA: I have /etc/pve/pve-root-ca.pem here",
    pin: "by its fingerprint: show it to me",
    public: "it is from a public CA",
  });
  if (kind === "public") return {};
  if (kind === "ca") return { proxmoxCa: await askForCa(terminal, "Path of that file?", false) };
  const { fingerprint256 } = await certificateAt(address);
  const isRight = await terminal.confirm(
    `${address} has the SHA-256 fingerprint ${fingerprint256}. Is it the one of the node's page System > Certificates?`,
    false,
  );
  return isRight ? { proxmoxFingerprint: fingerprint256 } : await askForTrust(terminal, address);
}

async function askForCa(terminal: Terminal, message: string, optional = true): Promise<string> {
  const path = await terminal.text({ message, optional, check: readCertificate });
  return path === "" ? "" : readCertificate(path);
}

function readCertificate(path: string): string {
  const pem = readFileSync(path, "utf8");
  const { error } = configSchema.shape.proxmoxCa.safeParse(pem);
  if (error) throw new Error(`${path} is no PEM of a certificate.`);
  return pem;
}

/** One that was made by hand goes on working, under the stack's care. */
async function askForSetUp(terminal: Terminal, known: Values): Promise<Values> {
  const found = await findSetUp(known);
  const nothing = { plain: {}, secret: {} };
  if (found === undefined) return nothing;
  const take = await terminal.confirm(
    `${found.description} Bring them under this stack, with client ID, secret and users as they are?`,
    true,
  );
  return take ? adopting(found) : nothing;
}

function adopting({ plain, secret }: SetUp): Values {
  return { plain: { ...plain, adopt: "true" }, secret };
}

async function askForLogin(terminal: Terminal): Promise<Values> {
  terminal.note(
    "What people may do on Proxmox is up to its permissions: at first, nothing.",
    "Who may log in",
  );
  const everyone = await terminal.confirm(
    "May everybody with an account in authentik log in to Proxmox?",
    true,
  );
  const username = await terminal.text({
    message:
      "A user of authentik, without a second factor, who logs in as a test after each change? (empty: none)",
    placeholder: "akadmin",
    optional: true,
  });
  const password = username === "" ? "" : await terminal.secret({ message: `The password of ${username}?` });
  const production = await terminal.confirm(
    "Is this for production? Then data is protected from being destroyed.",
    false,
  );
  return {
    plain: {
      allowEveryone: String(everyone),
      production: String(production),
      ...(username && { testUsername: username }),
    },
    secret: { ...(password && { testPassword: password }) },
  };
}

function addressesIn(list: string): string[] {
  return list
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}

function merge(one: Values, other: Values): Values {
  return { plain: { ...one.plain, ...other.plain }, secret: { ...one.secret, ...other.secret } };
}
