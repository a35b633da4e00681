import { issueCertificate } from "../../providers/pki/certificate";
import type { Servers } from "../engine/servers";
import { type Fault, isWrite, type ServerName } from "./faults";
import { type Answer, type Exchange, FaultyProxy } from "./proxy";

/** What answers a program that is already dead, so that it gives up at once and changes nothing any more. */
const toTheDead: Answer = { status: 501, headers: {}, body: Buffer.alloc(0) };

/** The way from the program to both servers, on which one request can be made to fail. */
export class Wire {
  #fault: Fault | undefined;
  /** The number of the request that fails, or what it asks. */
  #at: number | string = 0;
  #isDead = false;
  /** `METHOD path` of each request of the present run. */
  requests: string[] = [];
  /** The request that the fault has met in the present run. */
  struck: string | undefined;
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

  /** From now on, until `mend`, the k-th request meets the fault, or the first that asks this. */
  async breakAt(at: number | string, fault: Fault): Promise<void> {
    await this.mend();
    this.#at = at;
    this.#fault = fault;
    if (at === 1) await this.#outage();
  }

  async mend(): Promise<void> {
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
    // Which request is the k-th differs a little from run to run: where it cannot fail like this, the next that can does.
    return k >= this.#at && (fault.lasting === true || this.struck === undefined);
  }

  async #outage(): Promise<void> {
    const { outage } = this.#fault ?? {};
    if (!outage) return;
    this.struck = "every connection";
    await Promise.all(this.#proxies.map(outage));
  }
}
