import { randomUUID } from "node:crypto";
import type { StageName } from "./api/kind";
import type { Profile } from "./profile";
import type { Document, Json, Store } from "./store/store";

/** What every part of one running simulator shares. */
export interface Lab {
  store: Store;
  profile: Profile;
  redis: Service;
  settings: SystemSettings;
  /** The applications that a user was last shown, by user and page: the list's cache. */
  applicationCache: Map<string, Document[]>;
  sessions: Map<string, Session>;
  /** What users agreed to, by `rememberAs`. */
  consents: Set<string>;
  codes: Map<string, AuthorizationCode>;
  accessTokens: Map<string, AccessToken>;
}

/** What administrators set for the whole server, as far as it is simulated. */
export interface SystemSettings {
  /** From 2026.8 on, where nothing uses it yet. */
  baseUrl: string;
  /** Whether applications without bindings let everybody in (`core_default_app_access`); from 2026.8 on. */
  defaultAppAccess: boolean;
}

/** Tests may take it away while authentik runs. */
export interface Service {
  isUp: boolean;
}

export interface Session {
  id: string;
  user?: number;
  authenticatedAt?: number;
  /** Progress in the flow that this browser runs. */
  plan?: Plan;
  /** The authorization request that already made this browser log in anew (prompt=login). */
  promptedFor?: string;
  /** Shown on the login page of the application that asked. */
  pendingApplication?: { name: string; launchUrl: string | null };
  consent?: Consent;
}

export interface Plan {
  /** The flow's slug. */
  flow: string;
  /** The stages that are left. */
  stages: PlannedStage[];
  /** What the browser identified itself by. */
  identifier?: string;
  /** The identification stage has checked the password. */
  isPasswordChecked?: true;
  isLoggedIn?: true;
}

/** A bound stage by its key, or one that authentik adds itself. */
export interface PlannedStage {
  kind: StageName | "fulfilment";
  key?: string;
}

export interface Consent {
  token: string;
  /** Asked for by `prompt=consent`. */
  isPrompted: boolean;
  /** User and application, where a consent of theirs counts later too. */
  rememberAs?: string;
  applicationName: string;
  permissions: { name: string; id: string }[];
  /** Where the browser goes with its code once the user agreed. */
  redirect: string;
}

export interface AuthorizationCode {
  code: string;
  clientId: string;
  provider: number;
  user: number;
  scopes: string[];
  redirectUri: string;
  expiresAt: Date;
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
    sessions: new Map(),
    consents: new Set(),
    codes: new Map(),
    accessTokens: new Map(),
  };
}

/** Whether authentik lacks a redis that its release needs. */
export function isWithoutRedis({ profile, redis }: Pick<Lab, "profile" | "redis">): boolean {
  return profile.needsRedis && !redis.isUp;
}

export function newUuid(): string {
  return randomUUID();
}

/** Readers of documents: a value of another type is a crash, as it would be in the real server. */
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
