import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { generateCertificate } from "../crypto/generate";
import { textOf } from "../lab";
import type { ServerState } from "./state";

const SELF_SIGNED_DAYS = 365;

/** The HTTPS port: a self-signed certificate at first, the default brand's one from the next tick on. */
export class TlsPort {
  private timer: NodeJS.Timeout | undefined;
  private served: string | undefined;

  private constructor(
    readonly server: Server,
    private readonly state: ServerState,
  ) {}

  static async create(
    state: ServerState,
    handler: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<TlsPort> {
    const pair = await generateCertificate({
      commonName: "authentik default certificate",
      names: ["*"],
      days: SELF_SIGNED_DAYS,
      algorithm: "ecdsa",
    });
    return new TlsPort(createServer({ cert: pair.certificate, key: pair.privateKey }, handler), state);
  }

  /** Looks at the brand once now and then every few seconds. */
  async watchBrand(seconds: number): Promise<void> {
    await this.serveBrandCertificate();
    this.timer = setInterval(() => void this.serveBrandCertificate(), seconds * 1000);
    this.timer.unref();
  }

  stopWatching(): void {
    clearInterval(this.timer);
  }

  private async serveBrandCertificate(): Promise<void> {
    try {
      const store = this.state.running?.lab.store;
      const brand = (await store?.list("brand"))?.find((candidate) => candidate.default === true);
      const chosen = typeof brand?.web_certificate === "string" ? brand.web_certificate : undefined;
      const pair = chosen === undefined ? undefined : await store?.get("certificate", chosen);
      if (!pair || this.served === JSON.stringify(pair)) return;
      this.server.setSecureContext({ cert: textOf(pair, "certificate_data"), key: textOf(pair, "key_data") });
      this.served = JSON.stringify(pair);
      console.log(`serving the brand's web certificate ${pair.name}`);
    } catch (error) {
      // The old certificate stays in use; the next tick tries again.
      console.error(
        `cannot serve the brand's web certificate: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
