import { chromium, type Page } from "playwright-core";
import { findChromium } from "../tools/chromium";

const limitMs = 10_000;

/** A page of a real browser that accepts the lab's certificates, as a person would. */
export async function withPage<Result>(use: (page: Page) => Promise<Result>): Promise<Result> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error("There is no Chromium here; `npm test` installs it where it can.");
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ ignoreHTTPSErrors: true, viewport: { width: 900, height: 420 } });
    page.setDefaultTimeout(limitMs);
    return await use(page);
  } finally {
    await browser.close();
  }
}

/** Logs in as akadmin with clicks: from Proxmox's login page through authentik's pages and back. */
export async function logInByClicks(
  proxmoxUrl: string,
  password: string,
  page: Page,
  onStep: (name: string) => Promise<unknown> = async () => {},
): Promise<void> {
  await page.goto(proxmoxUrl);
  await page.getByLabel("Realm").selectOption("authentik (single sign-on)");
  await onStep("1-proxmox");
  await page.getByRole("button", { name: "Login (OpenID redirect)" }).click();
  await page.locator("input[name=uid_field]").fill("akadmin");
  await onStep("2-authentik");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.locator("input[name=password]").fill(password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByText("Logged in as").waitFor();
  await onStep("3-logged-in");
}
