import { randomBytes, randomUUID } from "node:crypto";
import type { z } from "zod";
import { type RunningAuthentik, startAuthentik } from "../../lab/authentik/start";
import { type Disturbance, undisturbed } from "../../lab/disturbance";
import { Load, type LoadModel, loadModels } from "../../lab/load";
import { type RunningProxmox, startProxmox } from "../../lab/proxmox/server";
import type { benchServers } from "./servers-file";

/** Requests by server and kind. */
export interface Calls {
  authentikReads: number;
  authentikWrites: number;
  proxmoxReads: number;
  proxmoxWrites: number;
}

/** One authentik, and a Proxmox for each cluster, in this process. */
export class BenchServers {
  readonly authentikToken = randomBytes(30).toString("hex");
  readonly proxmoxToken = `root@pam!bench=${randomUUID()}`;
  #calls = noCalls();
  declare private authentik: RunningAuthentik;
  declare private nodes: RunningProxmox[];

  /** @param load 1 is as slow as the real servers, 0 without delays */
  static async start(clusters: number, load: number, model: LoadModel): Promise<BenchServers> {
    const servers = new BenchServers();
    servers.authentik = await startAuthentik({
      bootstrap: { token: servers.authentikToken, password: randomBytes(18).toString("base64url") },
      disturbance: slowedBy(model, load),
      onRequest: ({ method }) => servers.count(method, "authentik"),
    });
    const starts = Array.from({ length: clusters }, () =>
      startProxmox({
        port: 0,
        rootPassword: randomBytes(18).toString("base64url"),
        tokens: [servers.proxmoxToken],
        disturbance: slowedBy(loadModels.proxmox, load),
        onRequest: ({ method }) => servers.count(method, "proxmox"),
      }),
    );
    servers.nodes = await Promise.all(starts);
    return servers;
  }

  /** For the benchmark's program. */
  get addresses(): z.output<typeof benchServers> {
    const clusters = this.nodes.map(({ url, caPem }) => ({ url, ca: caPem }));
    return { authentik: this.authentik.httpUrl, clusters };
  }

  async stop(): Promise<void> {
    await this.authentik.close();
    await Promise.all(this.nodes.map((node) => node.close()));
  }

  /** The requests since the last call. */
  takeCalls(): Calls {
    const calls = this.#calls;
    this.#calls = noCalls();
    return calls;
  }

  private count(method: string, server: "authentik" | "proxmox"): void {
    this.#calls[`${server}${method === "GET" ? "Reads" : "Writes"}`] += 1;
  }
}

function slowedBy(model: LoadModel, factor: number): Disturbance {
  return { ...undisturbed, load: factor > 0 ? new Load(model, factor) : undefined };
}

function noCalls(): Calls {
  return { authentikReads: 0, authentikWrites: 0, proxmoxReads: 0, proxmoxWrites: 0 };
}
