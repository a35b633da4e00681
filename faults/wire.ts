import { issueCertificate } from "../pki/certificate";
import type { Servers } from "../test/engine/servers";
import { type Fault, isWrite, type ServerName } from "./faults";
import { type Answer, type Exchange, FaultyProxy } from "./proxy";

/** What answers a program that is already dead, so that it gives up at once and changes nothing any more. */
const toTheDead: Answer = { status: 501, headers: {}, body: Buffer.alloc(0) };

/** The way from the program to both servers, on which one request can be made to fail. */
export class Wire {
  #fault: Fault | undefined;
  #at = 0;
  #isDead = false;
  /** `METHOD path` of each request of the present run. */
  requests: string[] = [];
  /** Whether the fault came about in the present run. */
  hasStruck = false;
  /** Called when the program is to die. */
  onKill: () => void = () => {};

  declare readonly authentik: FaultyProxy;
  declare readonly proxmox: FaultyProxy;

  /** PEM of the certificate that the way to Proxmox shows. */
  declare readonly ca: string;

  static async to({ authentik, proxmox }: Servers): Promise<Wire> {
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

  /** From now on, until `mend`, the k-th request meets the fault. */
  async breakAt(k: number, fault: Fault): Promise<void> {
    await this.mend();
    this.#at = k;
    this.#fault = fault;
    if (k === 1) await this.#outage();
  }

  async mend(): Promise<void> {
    this.#fault = undefined;
    this.#isDead = false;
    this.hasStruck = false;
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
      this.hasStruck = true;
      if (!fault.kills) return fault.meet(exchange);
      this.#isDead = true;
      await fault.meet(exchange);
      this.onKill();
      return exchange.cut();
    }
    exchange.reply(await exchange.forward());
    if (k === this.#at - 1) await this.#outage();
  }

  #strikes(fault: Fault, k: number, server: ServerName, { method }: Exchange): boolean {
    if (fault.server && fault.server !== server) return false;
    if (fault.only && (fault.only === "writes") !== isWrite(method)) return false;
    return k === this.#at || (fault.lasting === true && k > this.#at);
  }

  async #outage(): Promise<void> {
    const { outage } = this.#fault ?? {};
    if (!outage) return;
    this.hasStruck = true;
    await Promise.all(this.#proxies.map(outage));
  }
}
