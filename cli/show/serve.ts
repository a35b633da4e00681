import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { keptDir } from "../stack/kept-passphrase";
import { writePrivately } from "../system/private-file";

const refreshSeconds = 60;

interface ServedPage {
  readonly url: string;
  close(): void;
}

/** Serves a page on this machine only. The path is a secret, because the machine may have other users. */
export async function servePage(render: () => Promise<string>): Promise<ServedPage> {
  const path = `/${randomBytes(18).toString("base64url")}`;
  const server = createServer(async ({ url, headers }, response) => {
    // The check of the host stops pages of other sites that point a name of theirs at this machine.
    if (url !== path || headers.host !== hostOf(server)) return response.writeHead(404).end();
    const headersOfPage = {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      Refresh: String(refreshSeconds),
    };
    try {
      const page = await render();
      return response.writeHead(200, headersOfPage).end(page);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return response
        .writeHead(500, { ...headersOfPage, "Content-Type": "text/plain; charset=utf-8" })
        .end(reason);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://${hostOf(server)}${path}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function hostOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  return `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

/**
 * Opens the browser, if this machine has a desktop. Other users can read a program's arguments, so they contain only a
 * file that leads to the page. The directory is in the project: a browser from a snap cannot read /tmp.
 * @returns a function that removes the file
 */
export function openInBrowser(url: string, run = start, parent = keptDir): () => void {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  // Only this user can open this directory.
  const folder = mkdtempSync(join(parent, "page-"));
  const file = join(folder, "page.html");
  writePrivately(file, `<!doctype html><meta http-equiv="refresh" content="0; url=${url}">\n`);
  const [command, ...args] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[
    String(process.platform)
  ] ?? ["xdg-open"];
  run(command ?? "", [...args, file]);
  return () => rmSync(folder, { recursive: true, force: true });
}

function start(command: string, args: readonly string[]): void {
  const child = spawn(command, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
