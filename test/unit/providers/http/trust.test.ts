import assert from "node:assert/strict";
import { createServer, type Server } from "node:https";
import { after, before, suite, test } from "node:test";
import { isAxiosError } from "axios";
import { createHttp } from "../../../../providers/http/client";
import { explainNoAnswer } from "../../../../providers/http/failures";
import { caPem } from "../../config/certificates";
import { intermediatePem, leafKey, leafPem, rootPem } from "./chain";

const servers: Server[] = [];
let withChain = "";
let withoutChain = "";

before(async () => {
  withChain = await serve(`${leafPem}\n${intermediatePem}`);
  withoutChain = await serve(leafPem);
});
after(() => {
  for (const server of servers) server.close();
});

async function serve(cert: string): Promise<string> {
  const server = createServer({ cert, key: leafKey }, (_request, response) => response.end("{}"));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return `https://127.0.0.1:${Object(server.address()).port}`;
}

const get = (baseUrl: string, caCertificate: string) =>
  createHttp({ baseUrl, headers: { Connection: "close" }, caCertificate, isTransient: () => false }).get("/");

suite("a CA that the form accepts is trusted, however its file is written", () => {
  for (const [what, pem] of [
    ["alone", rootPem],
    ["with Windows line ends", rootPem.replaceAll("\n", "\r\n")],
    ["with a byte order mark", `\uFEFF${rootPem}`],
    ["in quotes", `"${rootPem}"`],
    ["below another, without a line end between", caPem + rootPem],
    ["above another, without a line end between", rootPem + caPem],
    ["below text, as openssl x509 -text writes", `Certificate:\n  Data:\n${rootPem}`],
    ["with spaces at the line ends", rootPem.replaceAll("\n", " \n")],
    ["its intermediate, as curl accepts", intermediatePem],
    ["its intermediate, and then the root", `${intermediatePem}\n${rootPem}`],
  ] as const) {
    test(what, async () => assert.equal((await get(withChain, pem)).status, 200));
  }
});

suite("a server that sends only its own certificate", () => {
  test("is trusted by the intermediate CA that issued it", async () =>
    assert.equal((await get(withoutChain, intermediatePem)).status, 200));

  test("is not trusted by the root alone, and the message says what the server should send", async () => {
    await assert.rejects(get(withoutChain, rootPem), (error) => {
      assert.ok(isAxiosError(error));
      assert.match(
        explainNoAnswer(error, "authentik", "`theCa`").message,
        /If the CA is a public one, install the certificate with its chain there/,
      );
      return true;
    });
  });
});
