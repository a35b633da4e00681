import { createHttp } from "../../providers/http/client";

/** Chat programs show `text`. Other programs read the other fields. */
export async function sendToWebhook(url: string, stack: string, problems: readonly string[]): Promise<void> {
  const http = createHttp({ baseUrl: url, headers: {}, isTransient: () => false });
  const text = [`${stack}: single sign-on for Proxmox needs attention`, ...problems.map(asItem)].join("\n");
  try {
    // A retry would print the address.
    await http.post("", { text, stack, problems }, { "axios-retry": { retries: 0 } });
  } catch (error) {
    // The webhook's address is a secret.
    const reason = error instanceof Error ? error.message.replaceAll(url, "…") : "";
    throw new Error(`The webhook could not be called: ${reason}`);
  }
}

export function asItem(problem: string): string {
  return `- ${problem.replaceAll("\n", "\n  ")}`;
}
