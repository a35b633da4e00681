import { UserError } from "../../core/errors";
import { unlessGone } from "../../core/gone";
import type { ProxmoxClient } from "../../proxmox/client";

const mark = "made by proxmox-authentik-sso for its proof of login, and removed after it";

/**
 * The user that the proof's login makes on Proxmox. It is made before the login, with a comment that says whose
 * it is: one that a run has left behind, which died in its middle, is known by that and removed by the next.
 */
export class Visitor {
  readonly #api: ProxmoxClient;
  readonly #others: ReadonlySet<string>;
  readonly #ours: Set<string>;

  private constructor(api: ProxmoxClient, others: ReadonlySet<string>, ours: Set<string>) {
    this.#api = api;
    this.#others = others;
    this.#ours = ours;
  }

  /** @param userId what the realm will most likely call the user; its username claim may say otherwise */
  static async announce(api: ProxmoxClient, userId: string): Promise<Visitor> {
    const users = await api.users();
    const others = new Set(users.filter(({ comment }) => comment !== mark).map(({ userid }) => userid));
    const ours = new Set(
      users.filter(({ userid, comment }) => userid === userId && comment === mark).map(() => userId),
    );
    const visitor = new Visitor(api, others, ours);
    if (visitor.#mayList && !others.has(userId) && ours.size === 0) {
      ours.add(userId);
      await api.createUser(userId, { comment: mark }).catch(unlessUserError);
    }
    return visitor;
  }

  came(userId: string): void {
    if (!this.#others.has(userId) && this.#mayList) this.#ours.add(userId);
  }

  get note(): string {
    return this.#mayList ? "" : " The user was left in Proxmox, as the API token may not list users.";
  }

  async leave(): Promise<void> {
    for (const userId of this.#ours) await unlessGone(this.#api.deleteUser(userId));
  }

  /** A list without rights is empty, so that it proves nothing. */
  get #mayList(): boolean {
    return this.#others.size + this.#ours.size > 0;
  }
}

/** Where the user cannot be made beforehand, the login makes it, or says why it cannot. */
function unlessUserError(error: unknown): void {
  if (!(error instanceof UserError)) throw error;
}
