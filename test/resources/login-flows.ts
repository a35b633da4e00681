import type { AuthentikSimulator, Properties } from "./simulators";

/** Creates login flows with stages in a simulated authentik, as administrators do. */
export class LoginFlows {
  readonly #authentik: Pick<AuthentikSimulator, "call" | "find">;
  #made = 0;

  constructor(authentik: Pick<AuthentikSimulator, "call" | "find">) {
    this.#authentik = authentik;
  }

  /** Creates a stage by the path of its API. Returns its key. */
  async stage(path: string, values: Properties = {}): Promise<unknown> {
    this.#made += 1;
    const body = { name: `stage ${this.#made}`, ...values };
    return (await this.#authentik.call("POST", `stages/${path}/`, body)).pk;
  }

  identification(values: Properties = {}): Promise<unknown> {
    return this.stage("identification", { user_fields: ["username", "email"], ...values });
  }

  captcha(): Promise<unknown> {
    return this.stage("captcha", { public_key: "public", private_key: "private" });
  }

  /** A stage that asks for these fields. */
  async prompt(...fields: Properties[]): Promise<unknown> {
    const prompts = [];
    for (const field of fields) {
      this.#made += 1;
      const body = { name: `prompt ${this.#made}`, label: "A field", ...field };
      prompts.push((await this.#authentik.call("POST", "stages/prompt/prompts/", body)).pk);
    }
    return this.stage("prompt/stages", { fields: prompts });
  }

  /** Creates a flow with these stages. Returns its key. */
  async flow(slug: string, designation: string, stages: readonly unknown[]): Promise<unknown> {
    const flow = { name: slug, slug, title: slug, designation };
    const { pk } = await this.#authentik.call("POST", "flows/instances/", flow);
    for (const [order, stage] of stages.entries()) {
      await this.#authentik.call("POST", "flows/bindings/", { target: pk, stage, order });
    }
    return pk;
  }

  /** From now on, everybody logs in with a flow of these stages. */
  async logInBy(slug: string, ...stages: readonly unknown[]): Promise<void> {
    const flow_authentication = await this.flow(slug, "authentication", stages);
    const { brand_uuid } = await this.#authentik.find("core/brands/?default=true");
    await this.#authentik.call("PATCH", `core/brands/${brand_uuid}/`, { flow_authentication });
  }
}
