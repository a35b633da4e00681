import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { defaultImages } from "../../../components/images";
import type { Nodes, SwarmNode } from "./nodes";

/** What authentik's simulator needs of its image, which has 600 MB more for other uses. */
const collect = `cd /
libraries=$(ldd /usr/local/bin/node /usr/bin/dumb-init /usr/bin/cat | grep -o '/[^ ]*lib[^ ]*\\.so[^ ]*' | sort -u)
tar -c bin lib lib64 sbin usr/local/bin usr/bin/sh usr/bin/dash usr/bin/cat usr/bin/dumb-init usr/bin/env \
  usr/bin/sleep tmp authentik data media certs templates etc/passwd etc/group etc/nsswitch.conf \
  $(for file in $libraries; do echo "usr$file"; readlink -f "$file"; done | sed 's#^/##; s#usr/usr/#usr/#' | sort -u)`;

/** Gives each node the lab's authentik under the name of the default image, without a registry. */
export async function distributeAuthentik(docker: Docker, nodes: Nodes): Promise<void> {
  const { Config } = await docker.getImage(defaultImages.authentik).inspect();
  const file = join(nodes.folder, "authentik.tar");
  await pipeline(filesOfImage(), createWriteStream(file));
  const changes = [
    `ENTRYPOINT ${JSON.stringify(Config.Entrypoint)}`,
    `USER ${Config.User}`,
    `WORKDIR ${Config.WorkingDir}`,
    ...(Config.Env ?? []).map((variable) => `ENV ${variable}`),
  ];
  await Promise.all(nodes.all.map((node) => importInto(node, file, changes)));
}

/** The container is removed when its output ends, also if this process is killed. */
function filesOfImage() {
  const container = ["run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "sh"];
  const child = spawn("docker", [...container, defaultImages.authentik, "-c", collect], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return child.stdout;
}

async function importInto({ docker }: SwarmNode, file: string, changes: string[]): Promise<void> {
  const [repo, tag] = defaultImages.authentik.split(/:(?=[^:]+$)/);
  const progress = await docker.importImage(createReadStream(file), { repo, tag, changes });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}
