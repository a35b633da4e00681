import assert from "node:assert/strict";

export type JsonObject = Record<string, unknown>;

/** Calls authentik's API directly, for example to change something outside of Pulumi. */
export async function askAuthentik(
  server: { url: string; token: string },
  method: string,
  path: string,
  body?: JsonObject,
): Promise<JsonObject> {
  const response = await fetch(`${server.url}/api/v3/${path}`, {
    method,
    headers: { Authorization: `Bearer ${server.token}`, "Content-Type": "application/json" },
    body: body ? JSON.stringify(body) : null,
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
  return text === "" ? {} : JSON.parse(text);
}
