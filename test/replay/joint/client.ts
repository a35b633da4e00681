import { Agent } from "node:https";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { withToken } from "../authentik";
import { type Answer, type Exchange, isRecord } from "../exchange";
import { send } from "../http";
import { Browser } from "./browser";
import type { JointRequests } from "./requests";

/** A client other than Proxmox, which shows what authentik returns to any client. */
export class DirectClient {
  private readonly agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  private readonly browser = new Browser(() => this.origin);
  private isLoggedIn = false;

  /** @param login a recorded login of alice, from the authorization request to the code */
  constructor(
    private readonly origin: string,
    private readonly requests: JointRequests,
    private readonly login: Exchange[],
  ) {}

  close(): void {
    this.agent.destroy();
    this.browser.close();
  }

  async answerTo(exchange: Exchange): Promise<Answer> {
    const { method, path, headers, body } = exchange;
    const form = isRecord(body) ? await this.withCode(this.requests.form(body)) : undefined;
    const answer = await send(this.origin, { method, path, headers, body: form?.toString() }, this.agent);
    return withToken(exchange, answer);
  }

  /** Alice's part was not recorded. */
  private async withCode(form: URLSearchParams): Promise<URLSearchParams> {
    const verifier = generateRandomCodeVerifier();
    const query = new URLSearchParams({
      response_type: "code",
      client_id: form.get("client_id") ?? "",
      redirect_uri: form.get("redirect_uri") ?? "",
      scope: "openid email profile",
      nonce: "n",
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    this.browser.location = `${this.origin}/application/o/authorize/?${query}`;
    const steps = this.isLoggedIn ? this.login.slice(-1) : this.login;
    for (const step of steps) await this.browser.answerTo(step);
    this.isLoggedIn = true;
    form.set("code", new URL(this.browser.location).searchParams.get("code") ?? "none");
    form.set("code_verifier", verifier);
    // The placeholder of a secret with 37 characters also stands for one that ends in a blank, which
    // authentik trimmed.
    form.set("client_secret", (form.get("client_secret") ?? "").trim());
    return form;
  }
}
