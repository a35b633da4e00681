import { defaults } from "../../components/model/defaults";
import { clusterName } from "../../config/schema";
import { askForAccess } from "./access";
import type { Terminal } from "./ask";
import { type AskedAuthentik, askForAuthentik } from "./authentik";
import { authentikTokenToMake } from "./authentik-token";
import { findSetUp } from "./existing";
import type { NewStack } from "./new-stack";
import { otherAccountToMake } from "./other-account";
import { accountToMake, grantsFor } from "./proxmox-account";
import { askForServers } from "./servers";
import { merge, nothing, type Values } from "./values";

interface Wanted {
  readonly name: string;
  /** Names of further clusters. */
  readonly clusters?: readonly string[];
  readonly production?: boolean;
}

/** Asks the questions for a new stack. Writes nothing. */
export async function askForStack(
  terminal: Terminal,
  { name, clusters = [], production = false }: Wanted,
): Promise<NewStack> {
  for (const cluster of clusters) {
    const { error } = clusterName.safeParse(cluster);
    if (error) throw new Error(`--clusters: "${cluster}" ${error.issues[0]?.message}.`);
  }
  const authentik = await askForAuthentik(terminal);
  const { ve, others } = await askForServers(terminal, clusters);
  const [proxmox] = ve;
  const known = [authentik.values, ...[...ve, ...others].map(({ values }) => values)].reduce(merge);
  const setUp = await askForSetUp(terminal, merge(known, proxmox?.forNow ?? nothing), authentik);
  // Everybody who can log in today keeps access. What is taken over is about Proxmox VE.
  const isTakenOver = setUp !== nothing;
  const access =
    isTakenOver && others.length === 0
      ? { values: nothing, paths: [] }
      : await askForAccess(terminal, isTakenOver ? undefined : proxmox, others);
  const paths = isTakenOver ? pathsOfAccess(setUp) : access.paths;
  const testUser = await askForTestUser(terminal, authentik);
  const parts = [known, setUp, access.values, testUser, productionAs(production)];
  const accounts = [
    ...ve
      .filter(({ isRoot }) => isRoot)
      .map(({ client, tokenKey }) =>
        accountToMake(client, grantsFor(defaults.realm, paths), { stack: name, secretKey: tokenKey }),
      ),
    ...others.filter(({ isRoot }) => isRoot).map((other) => otherAccountToMake(other, name)),
  ];
  const made = [...(await Promise.all(accounts)), ...authentikTokenToMake(authentik, name, isTakenOver)];
  return { name, ...parts.reduce(merge), made };
}

/** Paths on which groups have roles, from config keys such as `access["pve-admins"]["/vms"]`. */
function pathsOfAccess({ plain }: Values): string[] {
  return [...new Set(Object.keys(plain).flatMap((key) => /^access.*\["(\/[^"]*)"\]/.exec(key)?.[1] ?? []))];
}

function productionAs(production: boolean): Values {
  return { ...nothing, plain: { production: String(production) } };
}

/** An existing set-up continues to work, and the stack manages it. */
async function askForSetUp(terminal: Terminal, known: Values, { client }: AskedAuthentik): Promise<Values> {
  const found = await findSetUp(known, client);
  if (found === undefined) {
    terminal.skip("take-over");
    return nothing;
  }
  const take = await terminal.confirm(
    `${found.description} Take them over, with the same client ID, secret and users?`,
    true,
    "take-over",
  );
  if (!take) return nothing;
  terminal.note(
    "npm run takeover shows what it will change, and what to check.",
    "Before the first pulumi up",
  );
  return { plain: found.plain, secret: found.secret, made: [] };
}

/** The proof makes a user of its own. A script can name another one, for a login flow that demands more. */
async function askForTestUser(terminal: Terminal, { client }: AskedAuthentik): Promise<Values> {
  if (client === undefined || !terminal.hasFlag("test-user")) return nothing;
  const username = await terminal.text({
    flag: "test-user",
    message: "A user of authentik who may log in, without a second factor?",
    optional: true,
    check: async (typed) => {
      const [user] = await client.users.list({ username: typed });
      if (user === undefined) throw new Error(`authentik has no user "${typed}".`);
    },
  });
  if (username === "") return nothing;
  const testPassword = await terminal.secret({
    flag: "test-password",
    message: `The password of ${username}?`,
  });
  return { ...nothing, plain: { testUsername: username }, secret: { testPassword } };
}
