import { X509Certificate } from "node:crypto";
import { certificateBy, pass } from "./lab";
import type { Remedy } from "./remedy";
import type { Stack } from "./stack";

/** An answer of a system in front of authentik. */
export function answers(status: number, body: string, headers = {}) {
  const type = body.startsWith("{") ? "application/json" : "text/html";
  return { status, headers: { "content-type": type, ...headers }, body: Buffer.from(body) };
}

const isApi = (path: string) => path.startsWith("/api/v3/");

/** A system in front of authentik answers these paths. */
export function disturb(
  { lab }: Stack,
  matches: (path: string) => boolean,
  answer: Parameters<typeof answers>,
): void {
  lab.meet.authentik = (exchange) =>
    matches(exchange.path) ? exchange.reply(answers(...answer)) : pass(exchange);
}

export const undisturbed = ({ lab }: Stack) => {
  lab.meet.authentik = pass;
};

const rightTls = async ({ lab }: Stack) => lab.serveTls(await certificateBy(lab.ca));

/** Rows of "Reaching a server". */
export const reach: readonly Remedy[] = [
  {
    row: "refuses connections at …",
    fault: ({ lab }) => lab.fronts.authentik.goDown(),
    advice: ({ lab }) => lab.fronts.authentik.comeBack(),
  },
  {
    row: "does not resolve here",
    fault: (stack) => stack.set({ authentikApiUrl: "https://no-such-host.invalid" }),
    advice: (stack) => stack.set({ authentikApiUrl: "" }),
  },
  {
    row: "has a TLS certificate from a CA that is not trusted here",
    fault: (stack) => stack.set({ authentikCaCertificate: "" }),
    advice: (stack) => stack.set({ authentikCaCertificate: stack.lab.ca.certificate }),
  },
  {
    row: "has another TLS certificate than the pinned one",
    fault: (stack) => stack.set({ authentikCaCertificate: "", authentikFingerprint: "00".repeat(32) }),
    async advice(stack) {
      const renewed = await certificateBy(stack.lab.ca);
      stack.lab.serveTls(renewed);
      stack.set({ authentikFingerprint: new X509Certificate(renewed.certificate).fingerprint256 });
    },
  },
  {
    row: "The TLS certificate of … has expired",
    fault: async ({ lab }) => lab.serveTls(await certificateBy(lab.ca, undefined, -1)),
    advice: rightTls,
  },
  {
    row: "is not for the name in …",
    fault: async ({ lab }) => lab.serveTls(await certificateBy(lab.ca, ["auth.example.com"])),
    advice: rightTls,
  },
  {
    row: "does not speak TLS at …",
    fault: (stack) => stack.set({ authentikApiUrl: stack.lab.authentik.httpUrl.replace("http:", "https:") }),
    advice: (stack) => stack.set({ authentikApiUrl: "" }),
  },
  {
    row: "supports only unsafe versions of TLS",
    async fault({ lab }) {
      const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
      lab.serveTls(await certificateBy(lab.ca), old);
    },
    advice: async ({ lab }) =>
      lab.serveTls(await certificateBy(lab.ca), { minVersion: "TLSv1.2", maxVersion: "TLSv1.3" }),
  },
  {
    row: "redirects … to …",
    fault: (stack) => disturb(stack, isApi, [302, "", { location: "https://portal.example.com/login" }]),
    advice: undisturbed,
  },
  {
    row: "is not …'s API",
    fault: (stack) => disturb(stack, isApi, [403, "<html>Just a moment…</html>", { server: "cloudflare" }]),
    advice: undisturbed,
  },
  {
    row: "cannot be reached through …",
    fault(stack) {
      stack.set({ authentikApiUrl: "https://auth.example.com" });
      process.env.HTTPS_PROXY = "http://127.0.0.1:1";
    },
    advice(stack) {
      delete process.env.HTTPS_PROXY;
      stack.set({ authentikApiUrl: "" });
    },
  },
  {
    row: "The environment variable … …, which cannot be used",
    fault(stack) {
      stack.set({ authentikApiUrl: "https://auth.example.com" });
      process.env.HTTPS_PROXY = "socks5://127.0.0.1:1080";
    },
    advice(stack) {
      delete process.env.HTTPS_PROXY;
      stack.set({ authentikApiUrl: "" });
    },
  },
  {
    row: "It may have carried the request out",
    isFirst: true,
    fault({ lab }) {
      lab.meet.authentik = (exchange) =>
        exchange.method === "POST" && exchange.path.includes("/applications/")
          ? exchange.cut()
          : pass(exchange);
    },
    advice: undisturbed,
  },
];
