import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isInstalled, packageRoot, projectRoot } from "../paths";
import { keptDir } from "../stack/kept-passphrase";
import type { RunPulumi } from "../stack/stack-in-question";
import { ensurePrivately } from "../system/private-file";
import { webhookVariable } from "./maintain";

export interface TimerOptions {
  /** Directory of the unit files. @default systemd's directory for units of this user */
  folder?: string;
}

/** Writes a systemd timer that runs `maintain` every night, for a machine without a pipeline. */
export async function timer(pulumi: RunPulumi, { folder }: TimerOptions): Promise<number> {
  const stack = (await pulumi(["stack", "--show-name"])).trim();
  const target = resolve(folder ?? join(homedir(), ".config", "systemd", "user"));
  const unit = `proxmox-authentik-sso-${stack.replace(/[^A-Za-z0-9_.-]/g, "-")}`;
  mkdirSync(target, { recursive: true });
  const variables = environmentFile(stack);
  writeFileSync(join(target, `${unit}.service`), serviceUnit(stack, variables));
  writeFileSync(join(target, `${unit}.timer`), timerUnit(stack));
  console.log(`Wrote ${join(target, `${unit}.service`)} and .timer. Next:

  systemctl --user daemon-reload && systemctl --user enable --now ${unit}.timer
  loginctl enable-linger                    lets it run while you are not logged in
  systemctl --user start ${unit}.service    runs it once; journalctl --user -u ${unit} shows the result

Set its variables in ${variables}: ${webhookVariable}=<address of a webhook>, and PULUMI_CONFIG_PASSPHRASE if npm run init has not stored the passphrase.`);
  return 0;
}

/** Readable only by this user, because it may contain secrets. */
function environmentFile(stack: string): string {
  const path = join(keptDir, `${stack}.timer.env`);
  mkdirSync(keptDir, { recursive: true, mode: 0o700 });
  ensurePrivately(path, `# ${webhookVariable}=https://…\n`);
  return path;
}

export function serviceUnit(stack: string, variables: string): string {
  const cli = isInstalled ? join(packageRoot, "dist", "cli.js") : join(packageRoot, "cli", "run.mjs");
  const command = [process.execPath, cli, "maintain", "--stack", stack];
  return `[Unit]
Description=Certificates and logins of Proxmox's single sign-on, stack ${specifiers(stack)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory=${specifiers(projectRoot)}
Environment=${quoted(`PATH=${process.env.PATH ?? ""}`)}
EnvironmentFile=-${specifiers(variables)}
ExecStart=${command.map((word) => quoted(word).replaceAll("$", "$$$$")).join(" ")}
`;
}

export function timerUnit(stack: string): string {
  return `[Unit]
Description=Each night: certificates and logins of Proxmox's single sign-on, stack ${specifiers(stack)}

[Timer]
OnCalendar=*-*-* 04:17:00
RandomizedDelaySec=30min
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** systemd replaces a percent sign and the letter after it by a value. */
function specifiers(text: string): string {
  return text.replaceAll("%", "%%");
}

function quoted(word: string): string {
  return `"${specifiers(word).replace(/["\\]/g, "\\$&")}"`;
}
