import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { after, afterEach, before, suite, test } from "node:test";
import { isAxiosError } from "axios";
import { explain } from "../../../../providers/authentik/errors";
import { createHttp, type HttpOptions } from "../../../../providers/http/client";
import { explainNoAnswer } from "../../../../providers/http/failures";
import { describeProxy, proxyFor } from "../../../../providers/http/proxy";
import {
  createCertificateAuthority,
  issueCertificate,
  type KeyPair,
} from "../../../../providers/pki/certificate";

const names = ["https_proxy", "http_proxy", "all_proxy", "no_proxy"].flatMap((name) => [
  name,
  name.toUpperCase(),
]);
const before_ = Object.fromEntries(names.map((name) => [name, process.env[name]]));

function setEnvironment(environment: Record<string, string>): void {
  for (const name of names) delete process.env[name];
  Object.assign(process.env, environment);
}
afterEach(() => {
  setEnvironment({});
  for (const [name, value] of Object.entries(before_)) if (value !== undefined) process.env[name] = value;
});

suite("the proxy of an address", () => {
  const proxy = "http://user:secret@proxy.example.com:3128";
  const shown = (variable: string) => `http://proxy.example.com:3128 (${variable})`;
  const cases: [what: string, environment: Record<string, string>, address: string, expected?: string][] = [
    ["in lower case", { https_proxy: proxy }, "https://pve.corp:8006", shown("https_proxy")],
    ["in upper case", { HTTPS_PROXY: proxy }, "https://pve.corp:8006", shown("HTTPS_PROXY")],
    ["for all", { ALL_PROXY: proxy }, "https://pve.corp:8006", shown("ALL_PROXY")],
    ["of plain http", { http_proxy: proxy }, "http://auth.corp:9000", shown("http_proxy")],
    ["without a scheme", { HTTPS_PROXY: "proxy.example.com:3128" }, "https://pve.corp", shown("HTTPS_PROXY")],
    ["of another scheme", { HTTP_PROXY: proxy }, "https://pve.corp"],
    ["none", {}, "https://pve.corp"],
    ["not for localhost", { HTTPS_PROXY: proxy }, "https://localhost:9443"],
    ["not for 127.0.0.1", { HTTPS_PROXY: proxy }, "https://127.0.0.2:9443"],
    ["not for ::1", { HTTPS_PROXY: proxy }, "https://[::1]:9443"],
    [
      "not for a name in NO_PROXY",
      { HTTPS_PROXY: proxy, NO_PROXY: "a.org, pve.corp" },
      "https://pve.corp:8006",
    ],
    ["not for a name below one", { HTTPS_PROXY: proxy, no_proxy: "corp" }, "https://pve.corp:8006"],
    [
      "not for a name below one with a dot",
      { HTTPS_PROXY: proxy, NO_PROXY: ".corp" },
      "https://pve.corp:8006",
    ],
    [
      "for a name that only ends alike",
      { HTTPS_PROXY: proxy, NO_PROXY: "corp" },
      "https://pvecorp",
      shown("HTTPS_PROXY"),
    ],
    ["not for a network", { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" }, "https://10.1.2.3:8006"],
    [
      "for another network",
      { HTTPS_PROXY: proxy, NO_PROXY: "10.0.0.0/8" },
      "https://11.1.2.3:8006",
      shown("HTTPS_PROXY"),
    ],
    ["not for an IPv6 network", { HTTPS_PROXY: proxy, NO_PROXY: "fd00::/8" }, "https://[fd12::1]:8006"],
    ["not for an address", { HTTPS_PROXY: proxy, NO_PROXY: "10.1.2.3" }, "https://10.1.2.3:8006"],
    ["not for anything", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, "https://pve.corp"],
  ];
  for (const [what, environment, address, expected] of cases) {
    test(what, () => {
      setEnvironment(environment);
      const found = proxyFor(address);
      assert.equal(found && describeProxy(found), expected);
    });
  }

  for (const value of ["socks5://proxy.example.com:1080", "http://a b"]) {
    test(`cannot be ${value}`, () => {
      setEnvironment({ HTTPS_PROXY: value });
      assert.throws(
        () => proxyFor("https://pve.corp"),
        /HTTPS_PROXY names .* cannot be used\. Set it to http:\/\//,
      );
    });
  }
});

suite("through a proxy", () => {
  const connections: string[] = [];
  let ca: KeyPair;
  let proxy: Server;
  let refusal: string | undefined;
  const servers: Server[] = [];
  /** The names in the server's certificate, by the server's port. */
  const ports = new Map<string, number>();
  let fingerprint = "";

  before(async () => {
    ca = await createCertificateAuthority("ours");
    for (const name of ["pve.corp", "10.9.8.7", "localhost"]) {
      const request = { commonName: name, subjectAltNames: [name], validityDays: 1, keySize: 2048 } as const;
      const pair = await issueCertificate(request, ca);
      fingerprint = new X509Certificate(pair.certificate).fingerprint256;
      const server = createServer({ cert: pair.certificate, key: pair.privateKey }, (request, response) => {
        response.end(JSON.stringify({ for: name, token: request.headers.authorization }));
      });
      servers.push(server);
      ports.set(name, await listening(server));
    }
    proxy = createHttpServer((request, response) => {
      connections.push(`${request.method} ${request.url}`);
      if (request.url?.includes("refused")) {
        response.writeHead(503, { Via: "1.1 squid" }).end("<title>ERROR: Cannot reach it</title>");
        return;
      }
      response.setHeader("Content-Type", "application/json").end("{}");
    });
    proxy.on("connect", (request, socket) => {
      connections.push(`CONNECT ${request.url} ${request.headers["proxy-authorization"] ?? ""}`.trim());
      if (refusal !== undefined) {
        socket.end(refusal);
        return;
      }
      // Each requested name is one of the servers here.
      const port = Number(new URL(`http://${request.url}`).port);
      const upstream = connect(port, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    });
    servers.push(proxy);
    await listening(proxy);
  });
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listening(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return portOf(server);
  }
  function portOf(server: Server): number {
    const address: AddressInfo | string | null = server.address();
    return typeof address === "object" ? (address?.port ?? 0) : 0;
  }

  /** A request to a name that only the proxy can resolve, with a certificate for that name or another. */
  function ask(
    host: string,
    certificateFor: string,
    options: Partial<HttpOptions> = { caCertificate: ca.certificate },
  ) {
    setEnvironment({ HTTPS_PROXY: `http://user:secret@127.0.0.1:${portOf(proxy)}` });
    const baseUrl = `https://${host}:${ports.get(certificateFor)}`;
    connections.length = 0;
    const headers = { Authorization: "the token" };
    return createHttp({ baseUrl, headers, isTransient: () => false, ...options }).get("/", {
      "axios-retry": { retries: 0 },
    });
  }

  test("a server is reached by CONNECT, with the proxy's password", async () => {
    const { data } = await ask("pve.corp", "pve.corp");
    assert.deepEqual(data, { for: "pve.corp", token: "the token" });
    assert.deepEqual(connections, [
      `CONNECT pve.corp:${ports.get("pve.corp")} Basic ${Buffer.from("user:secret").toString("base64")}`,
    ]);
  });

  test("an IP address is reached, with a certificate that contains it", async () => {
    assert.equal((await ask("10.9.8.7", "10.9.8.7")).data.for, "10.9.8.7");
  });

  for (const [what, host, certificateFor, options, code] of [
    ["a certificate for another name", "pve.corp", "localhost", undefined, "ERR_TLS_CERT_ALTNAME_INVALID"],
    [
      "a certificate for localhost at an IP address",
      "10.9.8.7",
      "localhost",
      undefined,
      "ERR_TLS_CERT_ALTNAME_INVALID",
    ],
    ["an unknown CA", "pve.corp", "pve.corp", {}, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
    [
      "another certificate than the pinned one",
      "pve.corp",
      "pve.corp",
      { fingerprint: "00".repeat(32) },
      "WRONG_FINGERPRINT",
    ],
  ] as const) {
    test(`${what} is refused`, async () => {
      await assert.rejects(ask(host, certificateFor, options), { code });
    });
  }

  test("the pinned certificate is sufficient", async () => {
    assert.equal((await ask("pve.corp", "localhost", { fingerprint })).data.for, "localhost");
  });

  test("the proxy's own answer is never treated as the server's", async () => {
    const forged = JSON.stringify({ detail: "No Application matches the given query." });
    for (const [status, body] of [
      ["403 Forbidden", ""],
      ["404 Not Found", forged],
    ]) {
      refusal = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body?.length}\r\n\r\n${body}`;
      await assert.rejects(ask("pve.corp", "pve.corp"), (error) => {
        assert.ok(isAxiosError(error) && error.response === undefined);
        const { message } = explainNoAnswer(error, "authentik", "x");
        assert.match(
          message,
          /cannot be reached through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTPS_PROXY\): answers CONNECT pve\.corp:\d+ with 40/,
        );
        assert.ok(!message.includes("secret"));
        return true;
      });
    }
    refusal = undefined;
  });

  test("an unreachable proxy is reported with its variable", async () => {
    setEnvironment({ https_proxy: "http://127.0.0.1:1" });
    const http = createHttp({ baseUrl: "https://pve.corp:8006", headers: {}, isTransient: () => false });
    await assert.rejects(http.get("/", { "axios-retry": { retries: 0 } }), (error) => {
      assert.ok(isAxiosError(error));
      const { message } = explainNoAnswer(error, "Proxmox", "x");
      assert.match(
        message,
        /Proxmox at https:\/\/pve\.corp:8006 cannot be reached through the proxy http:\/\/127\.0\.0\.1:1 \(https_proxy\): .*ECONNREFUSED/,
      );
      return true;
    });
  });

  test("for plain http, the proxy is named as the one that may have answered", async () => {
    setEnvironment({ HTTP_PROXY: `http://user:secret@127.0.0.1:${portOf(proxy)}` });
    const http = createHttp({ baseUrl: "http://auth.corp:9000", headers: {}, isTransient: () => false });
    await assert.rejects(http.get("/refused", { "axios-retry": { retries: 0 } }), (error) => {
      const { message } = explain(error, "authentikToken");
      assert.match(
        message,
        /503 \(Via: 1\.1 squid; page "ERROR: Cannot reach it"\): see the server's log\. The request goes through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\), which may have answered\. If you reach the host without a proxy, list it in NO_PROXY/,
      );
      return !message.includes("secret");
    });
  });

  test("plain http is sent without a tunnel", async () => {
    setEnvironment({ http_proxy: `http://127.0.0.1:${portOf(proxy)}` });
    connections.length = 0;
    await createHttp({ baseUrl: "http://auth.corp:9000", headers: {}, isTransient: () => false }).get("/x");
    assert.deepEqual(connections, ["GET http://auth.corp:9000/x"]);
  });
});
