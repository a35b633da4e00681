import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { ListrTask } from "listr2";
import { aptInstall, problemWithInstalling } from "../../lab/docker/engine";
import type { SetupContext } from "../../lab/setup/context";

/** A program that only tests need, and the package of Debian that has it. */
interface TestProgram {
  readonly title: string;
  readonly command: string;
  readonly debianPackage: string;
}

/** A real reverse proxy, for logins through one. */
export const nginx = { title: "nginx", command: "nginx", debianPackage: "nginx-light" };
/** For a Docker host by ssh://. */
export const sshServer = { title: "OpenSSH server", command: "sshd", debianPackage: "openssh-server" };
/** For images of a registry that needs a login. */
export const registry = {
  title: "Docker registry",
  command: "docker-registry",
  debianPackage: "docker-registry",
};

/** For networks between the nodes of a swarm. */
export const iproute = { title: "iproute2", command: "ip", debianPackage: "iproute2" };

/** For a load balancer in front of a swarm. */
export const haproxy = { title: "HAProxy", command: "haproxy", debianPackage: "haproxy" };

/** Its path. Debian's folder of servers is not on every user's PATH. */
export function findProgram({ command }: TestProgram): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, command)).find(isExecutable);
}

/** @throws if it is missing, with the fix. */
export function requireProgram(program: TestProgram): string {
  const path = findProgram(program);
  if (path) return path;
  throw new Error(`There is no ${program.title} here; \`npm test\` installs it where it can.`);
}

export function installStep(program: TestProgram): ListrTask<SetupContext> {
  const { title, debianPackage } = program;
  return {
    title,
    task: async (_context, task) => {
      if (findProgram(program)) {
        task.title = `${title} (there)`;
        return;
      }
      if (problemWithInstalling())
        throw new Error(`The tests need ${title}: install it, then run this again.`);
      task.output = `installing Debian's package ${debianPackage} with apt-get`;
      // In run level 1, Debian does not start installed services, so the service's port stays free.
      await aptInstall(debianPackage, { RUNLEVEL: "1" });
      task.title = `${title} (installed)`;
    },
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
