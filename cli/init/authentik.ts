import { authentikOrigin } from "../../components/model/addresses";
import type { AuthentikClient } from "../../providers/authentik/client";
import { callDocker } from "../../providers/docker/api";
import type { Terminal } from "./ask";
import { askForAccount } from "./authentik-account";
import { reachAuthentik } from "./reach";
import { askForPin, readCertificate } from "./trust";
import { nothing, type Values } from "./values";

export interface AskedAuthentik {
  readonly values: Values;
  /** The client of an existing authentik. */
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
  const { client, secret } = await askForAccount(terminal, { url: authentikOrigin(url), ...pin });
  if (pin.fingerprint === undefined) terminal.skip("authentik-ca");
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
      secret,
    },
  };
}
