import type { InitFlags } from "./new-stack";
import { fromEnvironment, pair } from "./pairs";

/**
 * The flags of the questions, with what each answers. Secrets come from environment variables: `--secret-env
 * <flag>=<NAME>`.
 */
export const questionFlags: Readonly<Record<string, string>> = {
  login: "local or own: where Pulumi keeps the state, if it is not logged in",
  authentik: "docker, remote or existing: where authentik runs",
  "docker-host": "the Docker host of a remote one, ssh://user@host",
  "authentik-url": "authentik's address",
  "authentik-fingerprint": "SHA-256 fingerprint of its certificate, to compare",
  "authentik-admin": "an administrator of an existing authentik, whose login creates the limited account",
  "authentik-ca": "PEM file of the CA of its certificate",
  proxmox: "the address of a node; after a comma, of a Backup Server or a Datacenter Manager",
  "proxmox-fingerprint": "SHA-256 fingerprint of its certificate, to compare",
  "proxmox-addresses": "every address at which people open it",
  access: "groups with their roles on paths: `pve-admins: Administrator on /`, or everyone",
  "take-over": "yes or no: single sign-on that was set up by hand",
  "test-user": "a user of an existing authentik for the test login, instead of a new one",
  passphrase: "make, keep or type",
  trust: "ssh, print or later: how the CA of authentik's certificate gets to the nodes",
};

/** Names for `--secret-env`, in addition to the config's secrets. */
const secretFlags = [
  "authentik-token",
  "authentik-password",
  "proxmox-credential",
  "test-password",
  "own-passphrase",
] as const;

/** A flag of another cluster contains its name: `--secret-env proxmox-berlin-credential=NAME`. */
const ofClusters = /^proxmox-[A-Za-z0-9-]+-(credential|fingerprint|addresses)$|^proxmox-[A-Za-z0-9-]+$/;

/** The answers in the flags, by the question's flag. */
export function answersIn(flags: InitFlags, environment = process.env): Record<string, string> {
  const { secretEnv = [], answer = [], ...others } = flags;
  const answers: Record<string, string> = {};
  for (const flag of Object.keys(questionFlags)) {
    const value = others[camelCase(flag)];
    if (typeof value === "string") answers[flag] = value;
  }
  for (const given of answer) {
    const [flag, value] = pair(given);
    if (!ofClusters.test(flag))
      throw new Error(`--answer: there is no question "${flag}" of a further cluster.`);
    answers[flag] = value;
  }
  for (const given of secretEnv) {
    const [flag, name] = pair(given);
    if (!secretFlags.some((known) => known === flag) && !ofClusters.test(flag)) {
      throw new Error(`--secret-env: "${flag}" is not one of ${secretFlags.join(", ")}.`);
    }
    answers[flag] = fromEnvironment(name, environment);
  }
  return answers;
}

function camelCase(flag: string): string {
  return flag.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
