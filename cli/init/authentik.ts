import { authentikOrigin } from "../../components/model/addresses";
import { AuthentikClient } from "../../providers/authentik/client";
import { authentikVersions } from "../../providers/authentik/versions";
import { isOlder } from "../../providers/core/versions";
import { callDocker } from "../../providers/docker/api";
import { serviceAccountToken } from "../least-privilege/account";
import type { Terminal } from "./ask";
import type { ToMake } from "./new-stack";
import { reachAuthentik } from "./reach";
import { askForPin, readCertificate } from "./trust";
import { nothing, type Values } from "./values";

export interface AskedAuthentik {
  readonly values: Values;
  /** Of one that runs already. */
  readonly client?: AuthentikClient;
  readonly isAdministrator?: boolean;
}

export async function askForAuthentik(terminal: Terminal): Promise<AskedAuthentik> {
  const kind = await terminal.choose(
    "Where does authentik run?",
    {
      docker: "on this machine's Docker: make one for me",
      remote: "on another Docker host: make one for me there",
      existing: "I have one already",
    },
    { flag: "authentik", check: (answer) => (answer === "docker" ? requireDocker({}) : undefined) },
  );
  if (kind === "existing") return await askForExisting(terminal);
  const dockerHost =
    kind === "remote"
      ? await terminal.text({
          flag: "docker-host",
          message: "That Docker host?",
          placeholder: "ssh://root@docker.example.com",
          check: (host) => requireDocker({ host, sshOptions: ["-o", "BatchMode=yes"] }),
        })
      : "";
  const url = await terminal.text({ ...addressQuestion, check: authentikOrigin });
  return { values: { ...nothing, plain: { authentikUrl: url, ...(dockerHost && { dockerHost }) } } };
}

const addressQuestion = {
  flag: "authentik-url",
  message: "authentik's address, as people and Proxmox will open it?",
  placeholder: "https://auth.example.com",
};

async function requireDocker(endpoint: { host?: string; sshOptions?: string[] }): Promise<void> {
  await callDocker<{ Version: string }>(endpoint, { url: "/version" });
}

async function askForExisting(terminal: Terminal): Promise<AskedAuthentik> {
  const url = await terminal.text({
    ...addressQuestion,
    check: (answer) => reachAuthentik(authentikOrigin(answer)),
  });
  const reached = await reachAuthentik(authentikOrigin(url));
  const pin = await askForPin(terminal, reached, {
    flag: "authentik-fingerprint",
    whereToLook: "It is that of the certificate of authentik's brand, or of the proxy in front of it.",
  });
  const clientWith = (token: string) =>
    new AuthentikClient({ url: authentikOrigin(url), ...pin, token, tokenConfigKey: "authentikToken" });
  terminal.note(
    "Directory > Tokens and App passwords > Create, with the intent API Token, for an administrator.",
    "In authentik",
  );
  const token = await terminal.secret({
    flag: "authentik-token",
    message: "Its API token?",
    check: (answer) => requireAccepted(clientWith(answer)),
  });
  const client = clientWith(token);
  const ca = pin.fingerprint
    ? await terminal.text({
        flag: "authentik-ca",
        message:
          "PEM file of the CA of its certificate, for the day it is renewed? (empty: this certificate only)",
        optional: true,
        check: readCertificate,
      })
    : "";
  const trust: Record<string, string> = ca
    ? { authentikCaCertificate: readCertificate(ca) }
    : pin.fingerprint
      ? { authentikFingerprint: pin.fingerprint }
      : {};
  return {
    client,
    isAdministrator: (await client.self()).is_superuser,
    values: {
      ...nothing,
      plain: { authentikUrl: url, deployAuthentik: "false", ...trust },
      secret: { authentikToken: token },
    },
  };
}

async function requireAccepted(client: AuthentikClient): Promise<void> {
  await client.self();
  const version = await client.version();
  if (isOlder(version, authentikVersions.oldest)) {
    throw new Error(`authentik ${version} is too old: 2024.12 is the oldest that is supported.`);
  }
}

/** An account that may do only what this program needs, instead of the administrator whose token was given. */
export function serviceAccountToMake(client: AuthentikClient, stack: string): ToMake {
  const name = `proxmox-authentik-sso-${stack.replace(/[^A-Za-z0-9_-]/g, "-")}`;
  return {
    what: `In authentik: the service account ${name} with a role of its own, whose token is kept instead of the administrator's`,
    make: async () => ({
      secret: { authentikToken: await serviceAccountToken(client, name) },
      // Whoever runs this again goes on with the account.
      undo: async () => undefined,
    }),
  };
}
