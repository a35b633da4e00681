import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  NotFoundError,
  OutcomeUnknownError,
  RejectedError,
  UserError,
} from "../../../../providers/core/errors";
import { ProxmoxClient } from "../../../../providers/proxmox/client";
import { DigestConflictError, RefusedError } from "../../../../providers/proxmox/errors";
import { skipPauses } from "../http/server";
import { errorOf, recordedFailure, serveFailure } from "../recorded-failures";

function clientOf(url: string): ProxmoxClient {
  return new ProxmoxClient({
    url,
    credential: { token: "root@pam!t=1", configKey: "pulumi-nodejs:proxmoxToken" },
  });
}

/** A call of the client by each method. */
const calls: Record<string, (client: ProxmoxClient) => Promise<unknown>> = {
  GET: (client) => client.realm("r"),
  POST: (client) => client.createRealm("r", {}),
  PUT: (client) => client.updateRealm("r", { comment: "new" }),
  DELETE: (client) => client.deleteRealm("r"),
};

const expectations: [recording: string, kind: typeof UserError, message: RegExp][] = [
  [
    "proxmox no ticket",
    UserError,
    /refuses the API token in config key ".*proxmoxToken" \(No ticket\).*form "user@realm!name=secret"/,
  ],
  [
    "proxmox wrong token",
    UserError,
    /refuses the API token in config key ".*proxmoxToken" \(Authentication failed!\)/,
  ],
  [
    "proxmox missing privilege",
    RefusedError,
    /refuses PUT .*\(\/access\/realm, Realm\.Allocate\)\. Missing: Realm\.Allocate on \/access\/realm\. Grant.*pveum acl modify \/access --users 'root@pam' --tokens 'root@pam!t' --roles SsoSetup$/s,
  ],
  ["proxmox missing realm", NotFoundError, /domain 'nosuch' does not exist/],
  ["proxmox update of a missing realm", NotFoundError, /cannot lookup undefined type/],
  ["proxmox delete of a missing realm", NotFoundError, /domain 'dflt' does not exist/],
  ["proxmox delete of a missing user", NotFoundError, /no such user/],
  ["proxmox realm exists", RejectedError, /domain 'corp' already exists/],
  ["proxmox digest conflict", DigestConflictError, /detected modified configuration/],
  [
    "proxmox invalid value",
    UserError,
    /refuses it: Parameter verification failed\. realm: invalid format.*valid realm\.$/,
  ],
  [
    "proxmox option of a newer version",
    UserError,
    /groups-claim: property is not defined.*This Proxmox version does not have the option: remove it or upgrade/,
  ],
  ["proxmox unknown path", UserError, /501 Method 'POST \/access\/nothing' not implemented/],
  [
    "proxmox daemon down",
    OutcomeUnknownError,
    /pvedaemon did not answer POST .*\(595 Connection refused\)\. Check `systemctl status pvedaemon`/,
  ],
  [
    "proxmox daemon busy",
    OutcomeUnknownError,
    /pvedaemon did not answer POST .*\(596 Connection timed out\)/,
  ],
];

suite("an answer of a real Proxmox becomes one clear message", () => {
  for (const [recording, kind, expected] of expectations) {
    test(recording, async (context) => {
      skipPauses(context);
      const failure = recordedFailure(recording);
      const { url } = await serveFailure(context, failure);
      const error = await errorOf(calls[failure.method]?.(clientOf(url)) ?? Promise.resolve());
      assert.equal(error.constructor, kind);
      assert.match(error.message, expected);
    });
  }
});

suite("Proxmox under load", () => {
  for (const [status, method, attempts] of [
    [595, "GET", 5],
    [595, "POST", 1],
    [596, "GET", 1],
    [503, "PUT", 5],
    [503, "POST", 1],
    [429, "POST", 5],
    [504, "DELETE", 5],
  ] as const) {
    test(`gets ${attempts} request(s) for a ${method} answered by ${status}`, async (context) => {
      skipPauses(context);
      const { url, requests } = await serveFailure(context, { status, reason: "Busy", body: "" });
      await errorOf(calls[method]?.(clientOf(url)) ?? Promise.resolve());
      assert.equal(requests.length, attempts);
    });
  }
});

suite("an address at which another program answers", () => {
  for (const [status, body] of [
    [200, "<html>"],
    [404, "<html>"],
    [404, '{"detail":"Not found."}'],
  ] as const) {
    test(`with ${status} ${body} is reported, and does not mean that our realm is gone`, async (context) => {
      const { url } = await serveFailure(context, { status, reason: "", body });
      const error = await errorOf(clientOf(url).realm("r"));
      assert.equal(error.constructor, UserError);
      assert.match(error.message, /is not Proxmox's API: GET \/api2\/.* got \d+ \(.*\)\. Check the address/);
    });
  }
});
