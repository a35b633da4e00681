import { AuthentikClient } from "../../providers/authentik/client";
import { authentikVersions } from "../../providers/authentik/versions";
import { isOlder } from "../../providers/core/versions";
import { requirePrintable, tokenIn } from "../../providers/http/pasted";
import type { TrustOptions } from "../../providers/http/tls";
import { signIn } from "../../providers/sso/proof/authentikLogin";
import { Browser } from "../../providers/sso/proof/browser";
import type { Terminal } from "./ask";

type Server = TrustOptions & { readonly url: string };

/** The client that acts for the administrator. With an API token that is kept, also the config's secrets. */
interface Account {
  readonly client: AuthentikClient;
  readonly secret: Record<string, string>;
}

const tokenConfigKey = "authentikToken";

/** Asks for an administrator's login, which is not stored, or for an API token. */
export async function askForAccount(terminal: Terminal, server: Server): Promise<Account> {
  const username = await terminal.text({
    flag: "authentik-admin",
    message:
      "An administrator's user name there, whose password makes an account for this stack? (empty: I have an API token)",
    placeholder: "akadmin",
    optional: true,
  });
  return username === ""
    ? await askForToken(terminal, server)
    : await askForPassword(terminal, server, username);
}

async function askForToken(terminal: Terminal, server: Server): Promise<Account> {
  const clientWith = (token: string) =>
    new AuthentikClient({ ...server, token: authentikTokenIn(token), tokenConfigKey });
  terminal.note(
    "Directory > Tokens and App passwords > Create, with the intent API Token, for an administrator.",
    "In authentik",
  );
  const authentikToken = await terminal.secret({
    flag: "authentik-token",
    message: "Its API token?",
    check: (answer) => requireSupported(clientWith(answer)),
  });
  return { client: clientWith(authentikToken), secret: { authentikToken: authentikTokenIn(authentikToken) } };
}

/** The token without what was copied with it. */
function authentikTokenIn(answer: string): string {
  return requirePrintable(tokenIn(answer), tokenConfigKey);
}

async function askForPassword(terminal: Terminal, server: Server, username: string): Promise<Account> {
  // The check logs in. Later uses share its session.
  const sessions = new Map<string, Promise<AuthentikClient>>();
  const clientWith = (password: string) => {
    const client = sessions.get(password) ?? loggedIn(server, { username, password });
    sessions.set(password, client);
    return client;
  };
  const password = await terminal.secret({
    flag: "authentik-password",
    message: `The password of ${username}? (it is not kept)`,
    check: async (answer) => {
      const client = await clientWith(answer);
      await requireSupported(client);
      if ((await client.self()).is_superuser) return;
      throw new Error(`${username} is not an administrator of authentik. Go back (<), and give one who is.`);
    },
  });
  return { client: await clientWith(password), secret: {} };
}

async function loggedIn(
  server: Server,
  person: { username: string; password: string },
): Promise<AuthentikClient> {
  const browser = new Browser(server.url, server);
  await signIn(browser, server.url, { ...person, isAdministrator: true });
  return new AuthentikClient({ ...server, session: await browser.session(), tokenConfigKey });
}

async function requireSupported(client: AuthentikClient): Promise<void> {
  await client.self();
  const version = await client.version();
  if (isOlder(version, authentikVersions.oldest)) {
    throw new Error(`authentik ${version} is too old: 2024.12 is the oldest supported version.`);
  }
}
