import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One recorded request to a real server and its answer. Secrets are placeholders such as `<API_TOKEN>`. */
export interface Exchange {
  file: string;
  /** Of the joint logins: the case, and the client and server of the request. */
  case?: string;
  system?: string;
  method: string;
  /** With its query. */
  path: string;
  headers: Record<string, string>;
  body?: unknown;
  status: number;
  reason: string;
  answerHeaders: Record<string, string>;
  answer?: unknown;
  /** The body was compressed in the recording, so only the status is compared. */
  isUndecoded?: true;
  log?: string[];
  /** Of Backup Server and Datacenter Manager: the files that a write changed, by path. */
  files?: Record<string, string>;
  /** Of the ID token in the answer. An encrypted one has `(encrypted)` for claims. */
  tokenHeader?: Record<string, unknown>;
  claims?: unknown;
}

/** The answer of a simulator. */
export interface Answer {
  status: number;
  reason: string;
  headers: Record<string, string>;
  body: unknown;
  /** Of the ID token in the body, if the recording has them. */
  tokenHeader?: unknown;
  claims?: unknown;
}

export function readRecording(name: string): Exchange[] {
  return linesOf(name).map((line): Exchange => JSON.parse(line));
}

/** Created by `test/recordings/pack.mjs`. */
export function linesOf(name: string): string[] {
  const path = join(__dirname, "../recordings", `${name}.jsonl.gz`);
  return gunzipSync(readFileSync(path)).toString().trim().split("\n");
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
