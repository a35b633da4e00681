import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  AddressError,
  apiUrlOnDocker,
  authentikOrigin,
  issuerOf,
  redirectUriOf,
} from "../../../components/model/addresses";
import { dockerWay } from "../../../providers/docker/host";

suite("the redirect URI equals the browser's location.origin", () => {
  for (const [address, expected] of [
    ["https://pve.example.com:8006", "https://pve.example.com:8006"],
    ["https://pve.example.com:8006/", "https://pve.example.com:8006"],
    ["https://pve.example.com:8006/some/path", "https://pve.example.com:8006"],
    ["https://PVE.Example.COM:8006", "https://pve.example.com:8006"],
    ["HTTPS://pve.example.com:8006", "https://pve.example.com:8006"],
    ["https://pve.example.com:443", "https://pve.example.com"],
    ["https://pve.example.com:0443/", "https://pve.example.com"],
    ["https://pve.example.com", "https://pve.example.com"],
    [" https://pve.example.com:8006 ", "https://pve.example.com:8006"],
    ["https://192.0.2.7:8006", "https://192.0.2.7:8006"],
    ["https://[2001:DB8:0::7]:8006/", "https://[2001:db8::7]:8006"],
    ["https://[::1]:443", "https://[::1]"],
    ["https://pve.bücher.example:8006", "https://pve.xn--bcher-kva.example:8006"],
  ] as const) {
    test(`${address} → ${expected}`, () => assert.equal(redirectUriOf(address), expected));
  }
});

suite("an address of Proxmox that cannot work is refused with the fix", () => {
  for (const [address, expected] of [
    ["http://pve.example.com:8006", /only served over https. Write https:\/\/… with its port, usually :8006/],
    ["pve.example.com", /is not a URL. Write it with its scheme, e\.g\. https:\/\//],
    ["pve.example.com:8006", /"pve\.example\.com:8006".*https:\/\//],
    ["", /is not a URL/],
    ["https://pve.example.com:80060", /has a port above 65535/],
    ["https://2001:db8::7:8006", /IPv6 address without brackets/],
    ["https://[fe80::1%25eth0]:8006", /zone of an IPv6 address/],
    ["https://pve example.com:8006", /has a space or line break in its host/],
    ["https://pve\n.example.com:8006", /has a space or line break in its host/],
    ["https://192.168.1:8006", /would be read as the IPv4 address 192\.168\.0\.1/],
    ["https://0x7f.1", /would be read as the IPv4 address 127\.0\.0\.1/],
    ["https://3232235777", /would be read as the IPv4 address 192\.168\.1\.1/],
    [`https://${"a.".repeat(127)}example.com`, /above 253 characters/],
    [`https://${"a".repeat(64)}.example.com`, /a part of it above 63/],
    ["https:\\\\pve.example.com", /must have \/\/ after its scheme/],
    ["https:pve.example.com", /must have \/\/ after its scheme/],
    ["https:///pve.example.com", /must have \/\/ after its scheme/],
    ["https://root@pve.example.com:8006", /only scheme, host and port/],
    ["https://:pw@pve.example.com:8006", /only scheme, host and port/],
    ["https://pve.example.com:8006/#v1:0:18:4", /only scheme, host and port/],
    ["https://pve.example.com:8006/?a=b", /only scheme, host and port/],
  ] as const) {
    test(address, () => {
      assert.throws(
        () => redirectUriOf(address),
        (error) => error instanceof AddressError && expected.test(error.message),
      );
    });
  }
});

suite("a message about an address has no part that can be secret", () => {
  for (const address of [
    "https://user:S3cret@pve.example.com:8006",
    "https://S3cret@pve.example.com",
    "https://user:a/S3cret@pve.example.com",
    "https://user:a@S3cret#@pve.example.com",
    "https:\\\\user:S3cret@pve.example.com",
    "http://user:S3cret@pve.example.com",
    "ssh://user:S3cret@pve.example.com:0",
    "SSH://user:S3cret@pve.example.com",
    "tcp://user:a/S3cret@pve.example.com",
    "user:S3cret@pve.example.com",
    "https://user:S3cret",
    "https://pve.example.com/?token=S3cret",
    "https://pve.example.com/#S3cret",
    "ftp://pve.example.com/#S3cret",
  ]) {
    test(address, () => {
      for (const read of [redirectUriOf, authentikOrigin, dockerWay]) {
        assert.throws(
          () => read(address),
          (error) => error instanceof Error && !error.message.includes("S3cret"),
        );
      }
    });
  }
});

test("a Docker host is not read as another address", () => {
  assert.throws(() => dockerWay("tcp://192.168.1:2376"), /would be read as the IPv4 address 192\.168\.0\.1/);
  assert.throws(() => dockerWay(`tcp://${"a".repeat(64)}:2376`), /a part of it above 63/);
});

suite("authentik's address", () => {
  for (const [address, expected] of [
    ["https://auth.example.com", "https://auth.example.com"],
    ["https://auth.example.com/", "https://auth.example.com"],
    ["https://Auth.Example.com:443/", "https://auth.example.com"],
    ["https://auth.example.com:9443", "https://auth.example.com:9443"],
    ["http://auth.example.com:80", "http://auth.example.com"],
    ["http://127.0.0.1:9000", "http://127.0.0.1:9000"],
    ["https://[2001:DB8::1]:9443", "https://[2001:db8::1]:9443"],
  ] as const) {
    test(`${address} → ${expected}`, () => assert.equal(authentikOrigin(address), expected));
  }

  for (const [address, expected] of [
    ["auth.example.com", /is not a URL\. Write it with its scheme, e\.g\. https:\/\/auth\.example/],
    ["ftp://auth.example.com", /must start with https:/],
    ["auth.example.com:9443", /must start with https:/],
    ["https://auth.example.com/application/o/proxmox/", /only scheme, host and port: authentik's issuer/],
    ["https://auth.example.com/?next=/", /only scheme, host and port/],
    ["https://me@auth.example.com", /only scheme, host and port/],
    ["https://:pw@auth.example.com", /only scheme, host and port/],
  ] as const) {
    test(`${address} is refused`, () => {
      assert.throws(
        () => authentikOrigin(address),
        (error) => error instanceof AddressError && expected.test(error.message),
      );
    });
  }
});

test("the issuer ends with a slash, as in discovery", () => {
  assert.equal(
    issuerOf(authentikOrigin("https://Auth.example.com:443/"), "proxmox"),
    "https://auth.example.com/application/o/proxmox/",
  );
});

suite("authentik's API on Docker", () => {
  const usual = { origin: "https://auth.example.com", bindAddress: "0.0.0.0", httpPort: 9000 };
  const here = "http://127.0.0.1:9000";
  const elsewhere = "http://auth.example.com:9000";
  for (const [dockerHost, expected] of [
    [undefined, here],
    ["unix:///run/user/1000/docker.sock", here],
    ["npipe:////./pipe/docker_engine", here],
    ["tcp://localhost:2375", here],
    ["tcp://[::1]:2375", here],
    ["tcp://docker.example.com:2376", elsewhere],
    ["ssh://admin@docker.example.com", elsewhere],
    ["ssh://admin@127.0.0.1:2222", elsewhere],
  ] as const) {
    test(`${dockerHost} → ${expected}`, () => {
      assert.equal(apiUrlOnDocker({ ...usual, dockerHost }), expected);
    });
  }
});
