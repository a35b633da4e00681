import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type Docker from "dockerode";
import { defaultImages } from "../../../components/images";
import { standIns } from "../../../lab/images/stand-ins";
import type { Nodes, SwarmNode } from "./nodes";

/** What authentik's simulator needs of its image, which has 600 MB more for other uses. */
const collect = `cd /
libraries=$(ldd /usr/local/bin/node /usr/bin/dumb-init /usr/bin/cat | grep -o '/[^ ]*lib[^ ]*\\.so[^ ]*' | sort -u)
tar -c bin lib lib64 sbin usr/local/bin usr/bin/sh usr/bin/dash usr/bin/cat usr/bin/dumb-init usr/bin/env \
  usr/bin/sleep tmp authentik data media certs templates etc/passwd etc/group etc/nsswitch.conf \
  $(for file in $libraries; do echo "usr$file"; readlink -f "$file"; done | sed 's#^/##; s#usr/usr/#usr/#' | sort -u)`;

/**
 * Gives each node of the swarm the lab's authentik under the name of the default image, without a registry. PostgreSQL
 * is for the node outside, and for the manager as the one host of a stack.
 */
export async function distributeImages(docker: Docker, nodes: Nodes): Promise<void> {
  const { Config } = await docker.getImage(defaultImages.authentik).inspect();
  const authentik = join(nodes.folder, "authentik.tar");
  const postgres = join(nodes.folder, "postgres.tar");
  await pipeline(await filesOfImage(), createWriteStream(authentik));
  await pipeline(await docker.getImage(defaultImages.postgres).get(), createWriteStream(postgres));
  const changes = [
    `ENTRYPOINT ${JSON.stringify(Config.Entrypoint)}`,
    `USER ${Config.User}`,
    `WORKDIR ${Config.WorkingDir}`,
    ...(Config.Env ?? []).map((variable) => `ENV ${variable}`),
    ...Object.keys(Config.Volumes ?? {}).map((path) => `VOLUME ${path}`),
  ];
  const [repo, tag] = defaultImages.authentik.split(/:(?=[^:]+$)/);
  await Promise.all([
    ...nodes.all.map(async (node) =>
      done(node, await node.docker.importImage(createReadStream(authentik), { repo, tag, changes })),
    ),
    ...[nodes.outside, nodes.manager].map(async (node) =>
      done(node, await node.docker.loadImage(createReadStream(postgres))),
    ),
  ]);
}

/** The container is removed when its output ends, also if this process is killed. */
async function filesOfImage() {
  // The simulator of this work tree: another one may have made the image.
  const { files } = await standIns.authentik();
  const simulator = ["--volume", `${files["authentik.js"]}:/authentik/authentik.js:ro`];
  const container = ["run", "--rm", "--network", "none", "--user", "0", "--entrypoint", "sh", ...simulator];
  const child = spawn("docker", [...container, defaultImages.authentik, "-c", collect], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return child.stdout;
}

function done({ docker }: SwarmNode, progress: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => (error ? reject(error) : resolve()));
  });
}
