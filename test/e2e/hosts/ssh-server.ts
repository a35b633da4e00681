import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { capture } from "../../../cli/system/process";
import { freePort } from "../../tools/free-port";
import { requireProgram, sshServer } from "../../tools/test-programs";
import type { Front } from "./fronts";

const startLimitMs = 20_000;
/** sshd requires this directory as root. Normally the package's service creates it. */
const separationFolder = "/run/sshd";

export interface SshServer extends Front {
  /** Arguments of ssh that use the key of this server, and no settings of the user. */
  readonly sshOptions: string[];
}

/** A real sshd on the loopback address, which accepts one new key. */
export async function startSshServer(folder: string): Promise<SshServer> {
  const command = requireProgram(sshServer);
  const hostKey = join(folder, "host-key");
  const userKey = join(folder, "user-key");
  const log = join(folder, "sshd.log");
  for (const key of [hostKey, userKey]) {
    await capture("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], { timeoutMs: startLimitMs });
  }
  const port = await freePort();
  const knownHosts = join(folder, "known-hosts");
  await writeFile(knownHosts, `[127.0.0.1]:${port} ${await readFile(`${hostKey}.pub`, "utf8")}`);
  const configuration = join(folder, "sshd_config");
  await writeFile(
    configuration,
    `ListenAddress 127.0.0.1:${port}
HostKey ${hostKey}
PidFile none
AuthorizedKeysFile ${userKey}.pub
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
MaxStartups 100
`,
  );
  if (process.getuid?.() === 0) await mkdir(separationFolder, { recursive: true });
  const server = spawn(command, ["-D", "-f", configuration, "-E", log], { stdio: "ignore" });
  const logged = () => readFile(log, "utf8").catch(() => "");
  const deadline = Date.now() + startLimitMs;
  while (!(await logged()).includes("Server listening")) {
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`sshd: ${await logged()}`);
    await sleep(50);
  }
  return {
    host: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    sshOptions: [
      ...["-F", "none", "-i", userKey, "-o", "IdentitiesOnly=yes"],
      ...["-o", `UserKnownHostsFile=${knownHosts}`, "-o", "StrictHostKeyChecking=yes"],
    ],
    connections: async () => (await logged()).split("Accepted publickey").length - 1,
    close: () => server.kill(),
  };
}
