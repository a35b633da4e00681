import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "../../cli/system/private-file";
import { PendingLogins } from "../proxmox/openid/pending-logins";
import type { Surroundings } from "../proxmox/openid/trusted-fetch";
import { AclFile, type AclLine } from "./acl-file";
import type { Product } from "./products";
import { type Section, Sections } from "./sections";

/** A simulated server, the data of all methods. */
export interface Node extends Surroundings {
  readonly product: Product;
  readonly rootPassword: string;
  readonly store: Store;
  readonly pendingLogins: PendingLogins;
  /** Whether the privileged daemon runs. */
  daemonRuns: boolean;
}

export function createNode(options: Omit<Node, "pendingLogins" | "daemonRuns">): Node {
  const file = (realm: string) => `${options.product.stateFolder}/proxmox-openid-auth-state-${realm}`;
  return { ...options, pendingLogins: new PendingLogins(options.clock, file), daemonRuns: true };
}

interface Stored {
  realms: readonly Section[];
  users: readonly Section[];
  acl: readonly AclLine[];
  secrets: Readonly<Record<string, string>>;
  authKey: string;
}

/** The server's files, in a directory or only in memory. */
export class Store {
  readonly realms: Sections;
  readonly users: Sections;
  readonly acl: AclFile;
  /** Hashes of the API tokens' secrets, by token. */
  readonly secrets = new Map<string, string>();
  /** Signs tickets. */
  readonly authKey: string;

  constructor(
    product: Product,
    private readonly folder: string | undefined,
  ) {
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stored = this.read() ?? initial(product);
    this.realms = new Sections(`${product.realmFiles}/domains.cfg`, stored.realms);
    this.users = new Sections(`${product.realmFiles}/user.cfg`, stored.users);
    this.acl = new AclFile(stored.acl);
    this.secrets = new Map(Object.entries(stored.secrets));
    this.authKey = stored.authKey;
  }

  save(): void {
    if (this.folder === undefined) return;
    const stored: Stored = {
      realms: this.realms.all,
      users: this.users.all,
      acl: this.acl.all,
      secrets: Object.fromEntries(this.secrets),
      authKey: this.authKey,
    };
    writePrivately(join(this.folder, "config.json"), `${JSON.stringify(stored, null, 2)}\n`);
  }

  private read(): Stored | undefined {
    if (this.folder === undefined) return undefined;
    try {
      return JSON.parse(readFileSync(join(this.folder, "config.json"), "utf8"));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    }
  }
}

function initial({ ownRealm, ownRealmComment }: Product): Stored {
  const pam: Section["options"] = { comment: "Linux PAM standard authentication", type: "pam" };
  const own = { comment: ownRealmComment, type: ownRealm };
  const realms = [
    { type: ownRealm, id: ownRealm, options: own },
    { type: "pam", id: "pam", options: pam },
  ];
  if (ownRealm === "pbs") pam.default = true;
  else realms.reverse();
  return {
    realms,
    users: [{ type: "user", id: "root@pam", options: { comment: "Superuser" } }],
    acl: [],
    secrets: {},
    authKey: randomBytes(32).toString("base64"),
  };
}
