import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import { generateCertificate } from "../crypto/generate";
import { textOf } from "../lab";
import type { ServerState } from "./state";

const SELF_SIGNED_DAYS = 365;

interface BrandCertificate {
  domain: string;
  isDefault: boolean;
  /** The stored pair, to detect a change. */
  stored: string;
  context: SecureContext;
}

/**
 * The HTTPS port. It starts with a self-signed certificate and serves a brand's certificate after the next
 * interval. Up to 2026.5, all clients get the default brand's. Since 2026.8, a client without SNI always gets the
 * self-signed one.
 */
export class TlsPort {
  private timer: NodeJS.Timeout | undefined;
  private brands: BrandCertificate[] = [];

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
      // Node would serve an elliptic one to clients that prefer it, regardless of the callback.
      algorithm: "rsa",
      rsaBits: 2048,
    });
    const options = {
      cert: pair.certificate,
      key: pair.privateKey,
      SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void): void =>
        done(null, port.contextFor(name)),
    };
    const port: TlsPort = new TlsPort(createServer(options, handler), state);
    return port;
  }

  /** Checks the brand now, and then every few seconds. */
  async watchBrand(seconds: number): Promise<void> {
    await this.serveBrandCertificate();
    this.timer = setInterval(() => void this.serveBrandCertificate(), seconds * 1000);
    this.timer.unref();
  }

  stopWatching(): void {
    clearInterval(this.timer);
  }

  private contextFor(name: string): SecureContext | undefined {
    const brand =
      this.brands.find(({ domain }) => name.endsWith(domain)) ??
      this.brands.find(({ isDefault }) => isDefault);
    return this.state.profile.has2026_8 ? brand?.context : undefined;
  }

  private async serveBrandCertificate(): Promise<void> {
    try {
      const store = this.state.running?.lab.store;
      const found: BrandCertificate[] = [];
      for (const brand of (await store?.list("brand")) ?? []) {
        const pair = await store?.get("certificate", String(brand.web_certificate));
        if (!pair) continue;
        const isDefault = brand.default === true;
        const stored = JSON.stringify([pair, isDefault]);
        const known = this.brands.find((candidate) => candidate.stored === stored);
        const pem = { cert: textOf(pair, "certificate_data"), key: textOf(pair, "key_data") };
        found.push({
          domain: textOf(brand, "domain"),
          isDefault,
          stored,
          context: known?.context ?? createSecureContext(pem),
        });
        if (known) continue;
        if (isDefault && !this.state.profile.has2026_8) this.server.setSecureContext(pem);
        console.log(`serving the brand's web certificate ${pair.name}`);
      }
      this.brands = found;
    } catch (error) {
      // The old certificate stays in use until the next attempt.
      console.error(
        `cannot serve the brand's web certificate: ${error instanceof Error ? error.message : error}`,
      );
    }
  }
}
