import type { Servers } from "./servers";

/**
 * The answers of `init` for an existing authentik and Proxmox. Environment variables of these names contain the
 * secrets.
 */
export function initAnswers(servers: Servers): string[] {
  const answers = {
    authentik: "existing",
    "authentik-url": servers.authentik.httpUrl,
    proxmox: servers.proxmox.url,
    "proxmox-fingerprint": "yes",
    access: "authentik Admins: PVEAdmin on /vms",
    "test-user": "akadmin",
    passphrase: "make",
  };
  return [
    ...Object.entries(answers).flatMap(([flag, answer]) => [`--${flag}`, answer]),
    ...["--secret-env", "proxmox-credential=ROOT", "authentik-token=AUTHENTIK", "test-password=PASSWORD"],
  ];
}
