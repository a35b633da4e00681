import type { Servers } from "./servers";

/** What `init` is given for an authentik and a Proxmox that exist, with secrets by environment variables of these names. */
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
