import { isIP } from "node:net";
import { connect } from "node:tls";
import { z } from "zod";
import { dockerEndpoint } from "../docker/endpoint";
import { serviceState } from "../docker/swarm/tasks";
import { hostOf } from "../http/host";
import { fingerprintOf } from "../pki/certificate";

/** authentik's servers in a swarm. */
export const serversInSwarm = z.object({
  /** A manager of the swarm. */
  docker: dockerEndpoint,
  /** Name of the service. */
  service: z.string().min(1),
  /** Its https port on the nodes. */
  port: z.int().min(1).max(65535),
});

type ServersInSwarm = z.output<typeof serversInSwarm>;

const connectMilliseconds = 5000;
/** A load balancer, or the swarm itself, sends each connection to the next server. */
const connectionsPerServer = 3;

interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Why an address does not serve the certificate yet. Undefined if it does. In a swarm, the servers look for a new
 * certificate at different times. Several connections must get it, to the address and to each node that answers here.
 */
export async function notYetServed(
  servedAt: string,
  fingerprint: string,
  servers: ServersInSwarm | undefined,
): Promise<string | undefined> {
  const main = { host: hostOf(servedAt), port: Number(new URL(servedAt).port || 443) };
  const tasks = servers ? await runningTasks(servers) : [];
  const port = servers?.port ?? main.port;
  const nodes = [...new Set(tasks.flatMap(({ address }) => address ?? []))].map((host) => ({ host, port }));
  const several = (place: Place) =>
    Promise.all(
      Array.from({ length: Math.max(1, tasks.length * connectionsPerServer) }, () =>
        servedFingerprint(place, main.host),
      ),
    );
  const [atMain = [], ...atNodes] = await Promise.all([main, ...nodes].map(several));
  if (atMain.includes(undefined)) return "nothing answers there; check the address and the published ports";
  // This machine may not reach the nodes.
  const served = [...atMain, ...atNodes.flat().filter((found) => found !== undefined)];
  if (served.every((found) => found === fingerprint)) return undefined;
  const late = nodes.filter((_, index) =>
    atNodes[index]?.some((found) => found !== undefined && found !== fingerprint),
  );
  const where = late.length > 0 ? ` on ${late.map(({ host }) => host).join(", ")}` : "";
  return `another certificate is served${where}; authentik looks for a new one every 1 to 3 minutes. A proxy in front of authentik would hide it`;
}

async function runningTasks({ docker, service }: ServersInSwarm) {
  const { tasks } = await serviceState(docker, service);
  return tasks.filter(
    ({ state, wanted, isReachable }) => isReachable && state === "running" && wanted === state,
  );
}

/** The fingerprint of the served certificate. It is only compared, so the certificate need not be trusted. */
function servedFingerprint({ host, port }: Place, wanted: string): Promise<string | undefined> {
  // authentik 2026.8 selects the certificate by this name, as browsers and Proxmox send it.
  const name = isIP(wanted) ? {} : { servername: wanted };
  return new Promise((resolve) => {
    const socket = connect({ host, port, ...name, rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      resolve(certificate && fingerprintOf(certificate.raw));
    });
    socket.setTimeout(connectMilliseconds, () => socket.destroy());
    socket.once("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
}
