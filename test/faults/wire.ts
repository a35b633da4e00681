import { issueCertificate } from "../../providers/pki/certificate";
import { type Fault, isWrite, type ServerName } from "./faults";
import { type Answer, type Exchange, FaultyProxy } from "./proxy";

/** The answer for a killed program, which makes it stop without changes. */
const toTheDead: Answer = { status: 501, headers: {}, body: Buffer.alloc(0) };

interface Ends {
  readonly authentik: { readonly httpUrl: string };
  readonly proxmox: { readonly url: string; readonly caPem: string };
}

/** The connections of the program to both servers. One request can fail on them. */
export class Wire {
  #fault: Fault | undefined;
  /** The number of the failing request, or the request itself. */
  #at: number | string = 0;
  #isDead = false;
  /** `METHOD path` of each request in the current run. */
  requests: string[] = [];
  /** The request that failed in the current run. */
  struck: string | undefined;
  /** Called when the program must be killed. */
  onKill: () => void = () => {};

  declare readonly authentik: FaultyProxy;
  declare readonly proxmox: FaultyProxy;

  /** PEM of the certificate on the connection to Proxmox. */
  declare readonly ca: string;

  static async to({ authentik, proxmox }: Ends): Promise<Wire> {
    const wire = new Wire();
    const { certificate, privateKey } = await issueCertificate({
      commonName: "127.0.0.1",
      subjectAltNames: ["127.0.0.1"],
      keySize: 2048,
      validityDays: 1,
    });
    return Object.assign(wire, {
      ca: certificate,
      authentik: await FaultyProxy.start({ url: authentik.httpUrl }, (exchange) =>
        wire.#handle("authentik", exchange),
      ),
      proxmox: await FaultyProxy.start(
        { url: proxmox.url, tls: { ca: proxmox.caPem, certificate, privateKey } },
        (exchange) => wire.#handle("Proxmox", exchange),
      ),
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.goDown()));
  }

  /** Until `repair`, lets the k-th request fail, or the first one with this method and path. */
  async breakAt(at: number | string, fault: Fault): Promise<void> {
    await this.repair();
    this.#at = at;
    this.#fault = fault;
    if (at === 1) await this.#outage();
  }

  async repair(): Promise<void> {
    this.#fault = undefined;
    this.#isDead = false;
    this.struck = undefined;
    this.requests = [];
    for (const proxy of this.#proxies) {
      proxy.cutAll();
      await proxy.comeBack();
    }
  }

  get #proxies(): FaultyProxy[] {
    return [this.authentik, this.proxmox];
  }

  async #handle(server: ServerName, exchange: Exchange): Promise<void> {
    if (this.#isDead) return exchange.reply(toTheDead);
    const k = this.requests.push(`${exchange.method} ${exchange.path}`);
    const fault = this.#fault;
    if (fault && !fault.outage && this.#strikes(fault, k, server, exchange)) {
      this.struck ??= this.requests[k - 1];
      if (!fault.kills) return fault.meet(exchange);
      this.#isDead = true;
      await fault.meet(exchange);
      this.onKill();
      return exchange.cut();
    }
    exchange.reply(await exchange.forward());
    if (k + 1 === this.#at) await this.#outage();
  }

  #strikes(fault: Fault, k: number, server: ServerName, { method, path }: Exchange): boolean {
    if (fault.server && fault.server !== server) return false;
    if (fault.only && (fault.only === "writes") !== isWrite(method)) return false;
    if (typeof this.#at === "string") return this.struck === undefined && `${method} ${path}` === this.#at;
    // The k-th request differs slightly between runs. If it cannot fail like this, the next possible one does.
    return k >= this.#at && (fault.lasting === true || this.struck === undefined);
  }

  async #outage(): Promise<void> {
    const { outage } = this.#fault ?? {};
    if (!outage) return;
    this.struck = "every connection";
    await Promise.all(this.#proxies.map(outage));
  }
}
