import { UserError } from "../../core/errors";
import { undefinedIfMissing } from "../../core/gone";
import type { ProxmoxClient } from "../../proxmox/client";

const mark = "made by proxmox-authentik-sso for its proof of login, and removed after it";

/**
 * The Proxmox user of the proof's login. It is created before the login, with a comment that marks it. If a run is
 * killed, the next one recognizes the user by the comment and deletes it.
 */
export class ProofUser {
  readonly #api: ProxmoxClient;
  readonly #others: ReadonlySet<string>;
  readonly #ours = new Set<string>();
  #isLeft = false;

  private constructor(api: ProxmoxClient, others: ReadonlySet<string>) {
    this.#api = api;
    this.#others = others;
  }

  /** @param userId the probable name of the user; the realm's username claim may give another one */
  static async expect(api: ProxmoxClient, userId: string): Promise<ProofUser> {
    const users = await api.users();
    const isMarked = users.some(({ userid, comment }) => userid === userId && comment === mark);
    const others = users.map(({ userid }) => userid).filter((userid) => !isMarked || userid !== userId);
    const proofUser = new ProofUser(api, new Set(others));
    if (isMarked || (!others.includes(userId) && (await isMade(api, userId)))) proofUser.#ours.add(userId);
    return proofUser;
  }

  loggedInAs(userId: string): void {
    if (this.#others.has(userId) || this.#ours.has(userId)) return;
    // A list without permissions is empty, and proves nothing.
    if (this.#others.size === 0) this.#isLeft = true;
    else this.#ours.add(userId);
  }

  get note(): string {
    return this.#isLeft ? " The user stays in Proxmox, because the API token may not list users." : "";
  }

  async remove(): Promise<void> {
    for (const userId of this.#ours) await undefinedIfMissing(this.#api.deleteUser(userId));
  }
}

/** If the user cannot be created in advance, the login creates it, or reports why not. */
async function isMade(api: ProxmoxClient, userId: string): Promise<boolean> {
  try {
    await api.createUser(userId, { comment: mark });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
