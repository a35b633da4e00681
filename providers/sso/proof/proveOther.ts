import type { AccessControlClient } from "../../accessControl/client";
import { removeUser } from "../../accessControl/removal";
import { RejectedError } from "../../core/errors";
import { type BegunLogin, beginLogin, beginning, proveAddresses } from "./addresses";
import { codeIn, continueLogin, type TestUser } from "./authentikLogin";
import { Browser } from "./browser";
import { orExplained, proveClaim, proveKey } from "./discovery";
import { OtherLogin } from "./otherLogin";
import { type Chain, inTurn, type Proof, trustOf, type Who, type WhoNow } from "./prove";
import { tryOwnUser } from "./tryOwnUser";

const mark = "made by proxmox-authentik-sso for its proof of login, and removed after it";

/** The same proof on Backup Server or Datacenter Manager: link by link, as a browser and the server would. */
export function proveOther(chain: Chain, api: AccessControlClient, who?: Who): Promise<Proof> {
  return inTurn(chain, who, (now) => proveChain(chain, api, now));
}

async function proveChain(chain: Chain, api: AccessControlClient, who?: WhoNow): Promise<Proof> {
  const { product } = api;
  const newBrowser = () => new Browser(new URL(chain.issuerUrl).origin, trustOf(chain));
  await proveKey(newBrowser(), chain);
  if (who === undefined || "testUser" in who) await proveClaim(newBrowser(), chain);
  const pageAt = (url: string) =>
    new OtherLogin(product, { ...chain.proxmox, url }, chain.realm, chain.authentikCaCertificate);
  const page = pageAt(chain.proxmox.url);
  const addresses = chain.redirectUris.map((address) => ({
    origin: address,
    proxmox: address === new URL(chain.proxmox.url).origin ? page : pageAt(address),
  }));
  const { notes, begun } = await orExplained(proveAddresses(addresses, page, newBrowser), newBrowser, chain);
  const ways = `${chain.redirectUris.length} address${chain.redirectUris.length === 1 ? "" : "es"}`;
  const agreed = (why: string) => ({
    summary: `${product.name} and authentik agree on issuer, signing key and redirect URI for ${ways}; ${why}${notes}`,
    userId: "",
  });
  if (who === undefined) return agreed("no test user was given, so nobody logged in.");
  const [redirectUri = ""] = chain.redirectUris;
  const begin = beginning(begun, () => beginLogin(page, newBrowser(), redirectUri));
  if ("testUser" in who) {
    const { userId, paths } = await wholeLogin(await begin(), page, api, who.testUser);
    return {
      userId,
      summary: `"${userId}" logged in to ${product.name} through authentik (${ways} checked), with permissions on ${paths} paths.${notes}`,
    };
  }
  const place = { authentik: who.authentik, newBrowser, begin, proxmox: page, api };
  const tried = await tryOwnUser(chain, place, who);
  if ("nobody" in tried) return agreed(`nobody logged in: ${tried.nobody}`);
  return {
    summary: `A user that the proof made logged in to ${product.name} through authentik (${ways} checked), and was removed.${tried.proved}${notes}`,
    userId: "",
  };
}

/** A user that the login needs or makes is removed after it; one that exists already stays. */
async function wholeLogin(
  { browser, authorization, redirectUri }: BegunLogin,
  page: OtherLogin,
  api: AccessControlClient,
  user: TestUser,
): Promise<{ userId: string; paths: number }> {
  const users = await api.users();
  const expected = `${user.username}@${page.realm}`;
  const others = users.filter(({ comment }) => comment !== mark).map(({ userid }) => userid);
  const made = new Set(others.includes(expected) ? [] : [expected]);
  if (made.size > 0) await make(api, expected);
  try {
    const back = await continueLogin(browser, authorization, user);
    const { username: userId, ticket } = await page.logIn(...codeIn(back), redirectUri);
    if (!others.includes(userId)) made.add(userId);
    return { userId, paths: Object.keys(await page.permissions(ticket)).length };
  } finally {
    for (const userId of made) await removeUser(api, userId);
  }
}

/** One that a killed run has left behind is used again. */
async function make(api: AccessControlClient, userId: string): Promise<void> {
  try {
    await api.createUser(userId, { comment: mark });
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
  }
}
