import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { AxiosError, AxiosHeaders } from "axios";
import { OutcomeUnknownError, type UserError } from "../../../../providers/core/errors";
import { explainNoAnswer } from "../../../../providers/http/failures";

const url = "https://auth.example.com";

function explained(code: string, method = "get", message = code): UserError {
  const config = { baseURL: url, url: "/x", method, timeout: 35_000, headers: new AxiosHeaders() };
  return explainNoAnswer(new AxiosError(message, code, config), "authentik", "`theCa`");
}

suite("a call without an answer names the server, the cause and the fix", () => {
  for (const [code, expected] of [
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /from a CA that is not trusted here.*Give its CA as `theCa`/],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", /from a CA that is not trusted here.*Give its CA as `theCa`/],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", /from a CA that is not trusted here.*Give its CA as `theCa`/],
    ["SELF_SIGNED_CERT_IN_CHAIN", /from a CA that is not trusted here.*Give its CA as `theCa`/],
    ["CERT_HAS_EXPIRED", /has expired. Renew it/],
    ["CERT_NOT_YET_VALID", /is not valid yet. Correct the clock of this machine/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /is not for the name in.*issue a certificate for this name/],
    ["EPROTO", /does not speak TLS.*http:\/\//],
    ["ECONNREFUSED", /refuses connections.*Check that it is running, and that the port is right/],
    ["ENOTFOUND", /does not resolve here. Check the address and DNS/],
    ["ECONNRESET", /did not answer GET \/x \(ECONNRESET\). Check that it is up/],
    ["ECONNABORTED", /did not answer GET \/x within 35 s. Check that it is up/],
  ] as const) {
    test(code, () => {
      const error = explained(code);
      assert.match(error.message, expected);
      assert.match(error.message, /authentik/);
      assert.ok(error.message.includes(url));
    });
  }

  test("and that a write may have happened, unless it was never sent", () => {
    const lost = explained("ECONNRESET", "post");
    assert.ok(lost instanceof OutcomeUnknownError);
    assert.match(lost.message, /may have carried the request out; run the command again/);
    assert.ok(!(explained("ECONNREFUSED", "post") instanceof OutcomeUnknownError));
  });
});
