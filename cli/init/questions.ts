import { authentikOrigin } from "../../components/model/addresses";
import { randomSecret } from "../credentials";
import { askForAccess } from "./access";
import type { Terminal } from "./ask";
import { findSetUp } from "./existing";
import type { NewStack } from "./new-stack";
import { askForMoreClusters, askForProxmox } from "./proxmox";
import { askForCa } from "./trust";
import { merge, nothing, type Values } from "./values";

/** Asks for what a new stack needs; writes nothing. */
export async function askForStack(terminal: Terminal, name: string | undefined): Promise<NewStack> {
  const stack =
    name ??
    ((await terminal.text({ message: "A name for the stack?", placeholder: "prod", optional: true })) ||
      "prod");
  const authentik = await askForAuthentik(terminal);
  const proxmox = await askForProxmox(terminal);
  const known = merge(authentik, proxmox);
  const setUp = await askForSetUp(terminal, known);
  const others = await askForMoreClusters(terminal);
  // Who may log in today goes on to.
  const access = setUp === nothing ? await askForAccess(terminal) : nothing;
  const isNew = known.plain.deployAuthentik !== "false";
  const testUser = isNew ? await askForAkadmin(terminal, access) : await askForTestUser(terminal);
  const parts = [known, setUp, others, access, testUser, await askForProtection(terminal)];
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

/** One that was made by hand goes on working, under the stack's care. */
async function askForSetUp(terminal: Terminal, known: Values): Promise<Values> {
  const found = await findSetUp(known);
  if (found === undefined) return nothing;
  const take = await terminal.confirm(
    `${found.description} Bring them under this stack, with client ID, secret and users as they are?`,
    true,
  );
  if (!take) return nothing;
  terminal.note(
    "npm run takeover shows what it will change, and what to look at.",
    "Before the first pulumi up",
  );
  return { plain: found.plain, secret: found.secret };
}

/** A new authentik has one user, whose password nobody needs to think of. */
async function askForAkadmin(terminal: Terminal, { plain: access }: Values): Promise<Values> {
  const wanted = await terminal.confirm(
    "Shall akadmin, authentik's first administrator, log in as a test after each change? Its password is generated.",
    true,
  );
  if (!wanted) return nothing;
  const password = randomSecret();
  const isByGroups = access.allowEveryone === undefined;
  return {
    plain: { testUsername: "akadmin", ...(isByGroups && { 'access["authentik Admins"].as': "admins" }) },
    secret: { authentikBootstrapPassword: password, testPassword: password },
  };
}

async function askForTestUser(terminal: Terminal): Promise<Values> {
  const username = await terminal.text({
    message:
      "A user of authentik who may log in, without a second factor, for a test login after each change? (empty: none)",
    placeholder: "akadmin",
    optional: true,
  });
  if (username === "") return nothing;
  const password = await terminal.secret({ message: `The password of ${username}?` });
  return { plain: { testUsername: username }, secret: { testPassword: password } };
}

async function askForProtection(terminal: Terminal): Promise<Values> {
  const isProduction = await terminal.confirm(
    "Is this for production? Then what is fit for a lab only is refused, and data is protected from being destroyed.",
    false,
  );
  return { ...nothing, plain: { production: String(isProduction) } };
}
