import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writePrivately } from "../../../cli/system/private-file";
import type { Clock } from "../clock";

export interface User {
  enable: boolean;
  /** Missing for root@pam without an entry. */
  expire?: number;
  comment?: string;
  email?: string;
  firstname?: string;
  lastname?: string;
  keys?: string;
  tokens: Record<string, Token>;
  passwordHash?: string;
}

export interface Token {
  expire: number;
  privsep: boolean;
  comment?: string;
  secretHash: string;
}

export interface Group {
  comment?: string;
  members: string[];
}

export interface AclEntry {
  path: string;
  type: "user" | "group" | "token";
  ugid: string;
  roleid: string;
  propagate: boolean;
}

/** Everything that survives a restart. */
export interface Config {
  domainsCfg: string;
  users: Record<string, User>;
  groups: Record<string, Group>;
  roles: Record<string, string[]>;
  acl: AclEntry[];
  /** Signs tickets and CSRF tokens. */
  authKey: string;
}

/** The node's configuration and syslog, in a directory or only in memory. */
export class Store {
  readonly config: Config;
  readonly syslog: string[] = [];

  constructor(
    readonly folder: string | undefined,
    private readonly clock: Clock,
  ) {
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.config = this.read() ?? emptyConfig();
  }

  save(): void {
    if (this.folder === undefined) return;
    writePrivately(join(this.folder, "config.json"), `${JSON.stringify(this.config, null, 2)}\n`);
  }

  log(priority: "err" | "warning" | "info", message: string): void {
    const level = { err: 27, warning: 28, info: 30 }[priority];
    const now = new Date(this.clock.now());
    const month = now.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
    const day = String(now.getUTCDate()).padStart(2);
    const time = now.toISOString().slice(11, 19);
    const line = `<${level}>${month} ${day} ${time} pvedaemon[${process.pid}]: ${message}`;
    this.syslog.push(line);
    if (this.folder !== undefined) appendFileSync(join(this.folder, "syslog"), `${line}\n`);
  }

  private read(): Config | undefined {
    if (this.folder === undefined) return undefined;
    const file = join(this.folder, "config.json");
    try {
      return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new Error(`${file} can't be read. Remove the folder to start again.`, { cause: error });
    }
  }
}

function emptyConfig(): Config {
  return {
    domainsCfg: "",
    users: { "root@pam": { enable: true, expire: 0, tokens: {} } },
    groups: {},
    roles: {},
    acl: [],
    authKey: randomBytes(32).toString("base64"),
  };
}
