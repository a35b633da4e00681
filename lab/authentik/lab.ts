import { randomUUID } from "node:crypto";
import type { StageName } from "./api/kind";
import type { Profile } from "./profile";
import { type Passing, passingIn } from "./store/passing";
import type { Document, Json, Store } from "./store/store";

/** Data that all parts of a running simulator share. */
export interface Lab {
  store: Store;
  profile: Profile;
  redis: Service;
  settings: SystemSettings;
  /** The cache of the applications' list, by user and page. */
  applicationCache: Map<string, Document[]>;
  sessions: Passing<Session>;
  /** Consents of users, by `rememberAs`. */
  consents: Set<string>;
  codes: Passing<AuthorizationCode>;
  accessTokens: Passing<AccessToken>;
}

/** Server-wide settings of administrators, as far as they are simulated. */
export interface SystemSettings {
  /** Since 2026.8. Nothing uses it yet. */
  baseUrl: string;
  /** Whether applications without bindings are open to everybody (`core_default_app_access`). Since 2026.8. */
  defaultAppAccess: boolean;
}

/** A service that tests can stop while authentik runs. */
export interface Service {
  isUp: boolean;
}

export interface Session {
  id: string;
  user?: number;
  authenticatedAt?: number;
  /** Progress of this browser in its flow. */
  plan?: Plan;
  /** The authorization request that already required a new login of this browser (prompt=login). */
  promptedFor?: string;
  /** Shown on the login page of the requesting application. */
  pendingApplication?: { name: string; launchUrl: string | null };
  consent?: Consent;
}

export interface Plan {
  /** The flow's slug. */
  flow: string;
  /** The remaining stages. */
  stages: PlannedStage[];
  /** The text that the user entered as identification. */
  identifier?: string;
  /** Whether the identification stage has checked the password. */
  isPasswordChecked?: true;
  /** How many wrong passwords the user has entered. */
  wrongPasswords?: number;
  isLoggedIn?: true;
}

/** A bound stage by its key, or one that authentik adds. */
export interface PlannedStage {
  kind: StageName | "fulfilment";
  key?: string;
}

export interface Consent {
  token: string;
  /** Whether `prompt=consent` requires it. */
  isPrompted: boolean;
  /** User and application, if their consent is permanent. */
  rememberAs?: string;
  applicationName: string;
  permissions: { name: string; id: string }[];
  /** The address with the code, for after the consent. */
  redirect: string;
}

export interface AuthorizationCode {
  code: string;
  clientId: string;
  provider: number;
  user: number;
  scopes: string[];
  redirectUri: string;
  /** In milliseconds. */
  expiresAt: number;
  authenticatedAt: number;
  session: string;
  nonce?: string | undefined;
  codeChallenge?: string | undefined;
  codeChallengeMethod?: string | undefined;
}

export interface AccessToken {
  scopes: string[];
  expiresAt: number;
  userinfo: Document;
  introspection: Document;
}

export function createLab(
  store: Store,
  profile: Profile,
  redis: Service = { isUp: true },
  settings: Partial<SystemSettings> = {},
): Lab {
  return {
    store,
    profile,
    redis,
    settings: { baseUrl: "", defaultAppAccess: true, ...settings },
    applicationCache: new Map(),
    sessions: passingIn(store, "browser"),
    consents: new Set(),
    codes: passingIn(store, "authorization code"),
    accessTokens: passingIn(store, "access token"),
  };
}

/** Whether redis is down, if the release needs it. */
export function isWithoutRedis({ profile, redis }: Pick<Lab, "profile" | "redis">): boolean {
  return profile.needsRedis && !redis.isUp;
}

export function newUuid(): string {
  return randomUUID();
}

/** Reads a value of a document. Another type is a crash, as in the real server. */
export function textOf(document: Document, key: string): string {
  const value = document[key];
  if (typeof value !== "string") throw new TypeError(`${key} is no string: ${JSON.stringify(value)}`);
  return value;
}

export function optionalTextOf(document: Document, key: string): string | null {
  return document[key] === null || document[key] === undefined ? null : textOf(document, key);
}

export function integerOf(document: Document, key: string): number {
  const value = document[key];
  if (typeof value !== "number") throw new TypeError(`${key} is not a number: ${JSON.stringify(value)}`);
  return value;
}

export function listOf(document: Document, key: string): Json[] {
  const value = document[key];
  if (!Array.isArray(value)) throw new TypeError(`${key} is not a list: ${JSON.stringify(value)}`);
  return value;
}

export function isDocument(value: Json | undefined): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
