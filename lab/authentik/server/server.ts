import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Disturbance, undisturbed } from "../../disturbance";
import { createKinds } from "../kinds/kinds";
import { createLab, type Service, type SystemSettings } from "../lab";
import type { Profile } from "../profile";
import type { Store } from "../store/store";
import { createHttpApp } from "./http";
import type { ServerState } from "./state";
import { TlsPort } from "./tls";
import { proxyTrust } from "./trusted-proxies";

interface ServerOptions {
  profile: Profile;
  /** By default all interfaces. */
  host?: string;
  httpPort: number;
  httpsPort: number;
  /** Seconds until a brand's certificate is served. By default as long as in the release. */
  tlsTickSeconds?: number | undefined;
  /** Comma-separated networks. */
  trustedProxies?: string | undefined;
  redis?: Service;
  settings?: Partial<SystemSettings> | undefined;
  disturbance?: Disturbance | undefined;
  /** Time for open requests at the end. By default none. */
  graceMilliseconds?: number;
  onRequest?: ServerState["onRequest"];
}

export interface AuthentikServer {
  httpPort: number;
  httpsPort: number;
  /** Before this call, every request is answered with "starting". */
  useStore(store: Store): Promise<void>;
  /** Replaces the trusted networks. Without any, uses authentik's default. */
  trustProxies(networks?: string): void;
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<AuthentikServer> {
  const { profile } = options;
  const state: ServerState = {
    profile,
    running: undefined,
    disturbance: options.disturbance ?? undisturbed,
    trusts: proxyTrust(profile, options.trustedProxies),
    onRequest: options.onRequest,
  };
  const app = await createHttpApp(state);
  const http = createServer((request, response) => app.routing(request, response));
  const tls = await TlsPort.create(state, (request, response) => app.routing(request, response));
  return {
    httpPort: await listen(http, options.httpPort, options.host),
    httpsPort: await listen(tls.server, options.httpsPort, options.host),
    async useStore(store) {
      state.running = {
        lab: createLab(store, profile, options.redis, options.settings),
        kinds: createKinds(profile),
      };
      await tls.watchBrand(options.tlsTickSeconds ?? (profile.has2026_8 ? 60 : 180));
    },
    trustProxies(networks) {
      state.trusts = proxyTrust(profile, networks);
    },
    async close() {
      tls.stopWatching();
      const grace = options.graceMilliseconds ?? 0;
      await Promise.all([closeServer(http, grace), closeServer(tls.server, grace)]);
      await app.close();
    },
  };
}

function listen(server: Server, port: number, host: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`Cannot listen on port ${port}: ${error.message}`)));
    server.listen({ port, host }, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if (graceMilliseconds === 0) return server.closeAllConnections();
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), graceMilliseconds).unref();
  });
}
