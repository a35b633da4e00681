import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

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

/** Opens the browser, if this machine has a desktop. */
export function openInBrowser(url: string): void {
  const [command, ...args] = { darwin: ["open"], win32: ["cmd", "/c", "start", ""] }[
    String(process.platform)
  ] ?? ["xdg-open"];
  const child = spawn(command ?? "", [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
