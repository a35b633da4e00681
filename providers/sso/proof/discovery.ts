import type { AxiosResponse } from "axios";
import { z } from "zod";
import { isPageOfAuthentik } from "../../authentik/errors";
import { UserError } from "../../core/errors";
import { isRedirect, withoutQuery } from "../../http/failures";
import { parseUrl } from "../../http/host";
import { describeSender } from "../../http/sender";
import { type Browser, FailedAnswerError } from "./browser";

const discoveryDocument = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  id_token_signing_alg_values_supported: z.array(z.string()),
  claims_supported: z.array(z.string()).default([]),
});

const key = z.object({
  "x5t#S256": z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
});
const jwks = z.object({ keys: z.array(key).default([]) });

/**
 * Measured: every Proxmox verifies RSA. Proxmox VE 9.2 with authentik 2026.5 also verifies the two elliptic curves.
 */
const verifiableAlgorithms = ["RS256", "ES256", "ES384"] as const;

export type Algorithm = (typeof verifiableAlgorithms)[number];

export interface ExpectedProvider {
  readonly issuerUrl: string;
  /** SHA-256 of the signing certificate, as hex bytes with colons. */
  readonly signingFingerprint: string;
  /** The groups claim of the realm. */
  readonly groupsClaim?: string | undefined;
}

/**
 * Checks from here what the nodes do not check: the key that signs ID tokens. Each node reads the discovery document
 * itself. If the key is not as expected, the document shows why.
 * @returns the algorithm of the signatures
 */
export async function proveKey(browser: Browser, expected: ExpectedProvider): Promise<Algorithm> {
  return (await algorithmInKeys(browser, expected)) ?? (await proveDiscovery(browser, expected));
}

/** For a proof in which no roles arrive from groups, which would show the claim, too. */
export async function proveClaim(browser: Browser, expected: ExpectedProvider): Promise<void> {
  if (expected.groupsClaim === undefined) return;
  const { claims_supported } = await discoveryAt(browser, expected.issuerUrl);
  proveGroupsClaim(claims_supported, expected.groupsClaim);
}

/** The algorithm of the stack's signing certificate, at authentik's usual address of the keys. */
async function algorithmInKeys(
  browser: Browser,
  { issuerUrl, signingFingerprint }: ExpectedProvider,
): Promise<Algorithm | undefined> {
  const { status, data } = await answerAt(browser, `${issuerUrl}jwks/`);
  const listed = jwks.safeParse(data);
  if (status !== 200 || !listed.success) return undefined;
  const wanted = thumbprintOf(signingFingerprint);
  // An encryption key can have the same certificate.
  const signing = listed.data.keys.find((key) => key.use === "sig" && key["x5t#S256"] === wanted);
  return verifiableAlgorithms.find((algorithm) => algorithm === signing?.alg);
}

/** If an attempt fails, the discovery document from here may show the cause. Otherwise the error itself is the cause. */
export async function orExplained<Result>(
  attempt: Promise<Result>,
  newBrowser: () => Browser,
  expected: ExpectedProvider,
  kind: typeof UserError = UserError,
): Promise<Result> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof kind) await proveDiscovery(newBrowser(), expected);
    throw error;
  }
}

/**
 * Checks what Proxmox reads from authentik: the issuer, byte by byte, the key that signs ID tokens, and the groups
 * claim.
 * @returns the algorithm of the signatures
 */
export async function proveDiscovery(browser: Browser, expected: ExpectedProvider): Promise<Algorithm> {
  const document = await discoveryAt(browser, expected.issuerUrl);
  const algorithms = document.id_token_signing_alg_values_supported;
  const algorithm = verifiableAlgorithms.find((known) => algorithms.includes(known));
  if (algorithm === undefined) {
    throw new UserError(
      `authentik signs ID tokens with ${algorithms.join(", ")}, which Proxmox cannot verify: the provider has no usable signing key. ` +
        "Run pulumi refresh, then pulumi up, to set the RSA key again.",
    );
  }
  proveGroupsClaim(document.claims_supported, expected.groupsClaim);
  await proveSigningKey(browser, document.jwks_uri, expected.signingFingerprint);
  return algorithm;
}

async function discoveryAt(browser: Browser, issuerUrl: string): Promise<z.output<typeof discoveryDocument>> {
  const url = `${issuerUrl}.well-known/openid-configuration`;
  const document = await documentAt(browser, url, discoveryDocument, "OpenID discovery document");
  if (document.issuer === issuerUrl) return document;
  const cause = await whyWrongScheme(browser, url, issuerUrl);
  throw new UserError(explainIssuer(document.issuer, issuerUrl, cause));
}

/** Measured: with a signing certificate that has no private key, or an ed25519 one, authentik answers 500. */
async function answerAt(browser: Browser, url: string): Promise<AxiosResponse<unknown>> {
  try {
    return await browser.get(url);
  } catch (error) {
    if (!(error instanceof FailedAnswerError) || error.status !== 500) throw error;
    throw new UserError(
      `${error.message} A signing certificate without a private key, or with ed25519, causes this. Run pulumi refresh, then pulumi up.`,
    );
  }
}

/** Reads a public document of the provider. A 404 means a wrong slug only if authentik sent it. */
async function documentAt<Document>(
  browser: Browser,
  url: string,
  form: z.ZodType<Document>,
  what: string,
): Promise<Document> {
  const response = await answerAt(browser, url);
  const { success, data } = form.safeParse(response.data);
  if (response.status === 200 && success) return data;
  if (response.status === 404 && isPageOfAuthentik(response)) {
    throw new UserError(
      `authentik answers ${url} with 404. No application has this slug, or its provider is gone. Run pulumi refresh, then pulumi up.`,
    );
  }
  const location = isRedirect(response) ? ` and redirects to ${withoutQuery(response.headers.location)}` : "";
  throw new UserError(
    `authentik's ${what} is not at ${url}: the answer is ${response.status}${location} (${describeSender(response)}). ` +
      "A server in front of authentik answers instead. Let it pass /application/o/ unchanged, for the Proxmox nodes too, without a login, a check or a limit.",
  );
}

/**
 * Without the claim a login succeeds and leaves the groups unchanged, so nobody would notice. For discovery,
 * authentik evaluates the mappings without a user and omits those that fail (recorded).
 */
function proveGroupsClaim(emitted: readonly string[], claim: string | undefined): void {
  if (claim === undefined || emitted.includes(claim)) return;
  throw new UserError(
    `authentik does not send the claim "${claim}", from which the realm reads groups, so logins would not change any groups. ` +
      `It sends ${[...new Set(emitted)].join(", ")}. The scope mapping is missing, or its expression fails: see Events > Logs in authentik. ` +
      "Run pulumi refresh, then pulumi up. A custom mapping must return a list for every user, even an empty one.",
  );
}

async function proveSigningKey(browser: Browser, jwksUri: string, fingerprint: string): Promise<void> {
  const { keys } = await documentAt(browser, jwksUri, jwks, "list of keys");
  const thumbprint = thumbprintOf(fingerprint);
  if (!keys.some((key) => key["x5t#S256"] === thumbprint)) {
    throw new UserError(
      `The keys at ${jwksUri} do not have the stack's signing certificate (SHA-256 ${fingerprint}): another key was set on the provider. ` +
        "Run pulumi refresh, then pulumi up.",
    );
  }
}

function thumbprintOf(fingerprint: string): string {
  return Buffer.from(fingerprint.replaceAll(":", ""), "hex").toString("base64url");
}

const addHeader =
  "The proxy in front of authentik does not pass X-Forwarded-Proto. Configure it to pass the header.";

/** How authentik accepts the headers of a proxy. */
export const trustNetwork =
  "add its network to `trustedProxies` (in an existing authentik: AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS of server and worker). " +
  "The list replaces authentik's default, the loopback and the private networks of IPv4, so add those that you need. authentik's log shows an untrusted proxy as the client.";

/**
 * Sends the header itself. If authentik then uses the right scheme, the proxy does not set the header. If not,
 * authentik (2026.8 and later) does not trust the proxy, or the proxy removes the header.
 */
async function whyWrongScheme(browser: Browser, url: string, expected: string): Promise<string> {
  const scheme = new URL(expected).protocol.slice(0, -1);
  const { data } = await browser.get(url, { "X-Forwarded-Proto": scheme });
  const asked = discoveryDocument.safeParse(data);
  return asked.success && asked.data.issuer === expected
    ? addHeader
    : `authentik does not trust the proxy's X-Forwarded-Proto, or the proxy does not send it. If the proxy sends it, ${trustNetwork}`;
}

/**
 * Explains which part of the issuer differs, and the usual cause. Proxmox compares it byte by byte.
 * @param schemeCause cause of a wrong scheme, if known
 */
export function explainIssuer(
  told: string,
  expected: string,
  schemeCause = `${addHeader} If the proxy passes it, authentik 2026.8 and later do not trust the proxy: ${trustNetwork}`,
): string {
  const differs = `authentik's issuer is \`${told}\`, but Proxmox is configured with \`${expected}\`. They must be equal byte by byte.`;
  const [a, b] = [parseUrl(told), new URL(expected)];
  if (a === undefined) return differs;
  if (a.protocol !== b.protocol) {
    return `${differs} ${schemeCause}`;
  }
  if (a.host !== b.host) {
    return `${differs} The proxy in front of authentik does not pass the Host header, or the configured address is another one.`;
  }
  if (a.pathname === "/")
    return `${differs} The provider's issuer mode is global: set it to "Each provider has a different issuer".`;
  return `${differs} Check the application's slug and the trailing slash.`;
}
