import { defaultScopeMappings } from "../../providers/authentik/oauth2Provider";
import { pass } from "./lab";
import { answers, disturb, undisturbed } from "./reach";
import type { Remedy } from "./remedy";
import type { Stack } from "./stack";

const isApi = (path: string) => path.startsWith("/api/v3/");

/** Only an entry of `clusters` has these options. */
export function withCluster(stack: Stack, options: Record<string, unknown>): void {
  const { urls, ca, config } = stack.lab;
  const main = { addresses: [urls.proxmox], ca: ca.certificate, applicationName: "proxmox", ...options };
  const { proxmoxToken = "" } = config.secret;
  stack.set(
    { proxmoxAddresses: "", proxmoxCa: "", applicationName: "", clusters: JSON.stringify({ main }) },
    { proxmoxToken: "", "proxmoxToken-main": proxmoxToken },
  );
}

/** Answers the writes of the application in another way. */
function atApplication({ lab }: Stack, ...answer: Parameters<typeof answers>): void {
  lab.meet.authentik = (exchange) =>
    exchange.method === "POST" && exchange.path.includes("/core/applications/")
      ? exchange.reply(answers(...answer))
      : pass(exchange);
}

const mapping = (stack: Stack) =>
  stack.lab.byHand.call("POST", "propertymappings/provider/scope/", {
    name: `twice ${Math.random()}`,
    scope_name: "twice",
    expression: "return {}",
  });

/** Rows of "authentik". */
export const authentik: readonly Remedy[] = [
  {
    row: "refuses the API token in config key",
    fault: (stack) => stack.set({}, { authentikToken: "wrong" }),
    advice: (stack) => stack.set({}, stack.lab.config.secret),
  },
  {
    row: "authentik is still starting",
    fault: (stack) => disturb(stack, isApi, [503, "starting"]),
    advice: undisturbed,
  },
  {
    row: "authentik refuses it: …",
    async fault(stack) {
      const { byHand } = stack.lab;
      const [{ pk: _, ...provider } = {}] = await byHand.list("providers/oauth2/");
      await byHand.call("POST", "providers/oauth2/", { ...provider, name: "another", client_id: "taken" });
      stack.set({ clientId: "taken" });
    },
    advice: (stack) => stack.set({ clientId: "free" }),
  },
  {
    row: "authentik has no flow",
    fault: (stack) => stack.set({ authorizationFlow: "lost" }),
    advice: (stack) => stack.set({ authorizationFlow: "default-provider-authorization-explicit-consent" }),
  },
  {
    row: "authentik has no scope mapping",
    isFirst: true,
    fault: (stack) => withCluster(stack, { oauth2: { scopeMappings: [...defaultScopeMappings, "lost"] } }),
    advice: (stack) => withCluster(stack, { oauth2: { scopeMappings: [...defaultScopeMappings] } }),
  },
  {
    row: "scope mappings for the scope …",
    isFirst: true,
    async fault(stack) {
      await mapping(stack);
      await mapping(stack);
      withCluster(stack, { oauth2: { scopeMappings: [...defaultScopeMappings, "twice"] } });
    },
    async advice(stack) {
      const mappings = await stack.lab.byHand.list("propertymappings/provider/scope/");
      const pk = mappings.find(({ scope_name }) => scope_name === "twice")?.pk;
      withCluster(stack, { oauth2: { scopeMappings: [...defaultScopeMappings, pk] } });
    },
  },
  {
    row: "and an empty body, its sign of a crash inside",
    isFirst: true,
    fault: (stack) => atApplication(stack, 405, "", { allow: "GET, HEAD, OPTIONS" }),
    advice: undisturbed,
  },
  {
    row: "authentik answered … with …; see",
    isFirst: true,
    fault: (stack) => atApplication(stack, 500, "<html><h1>Server Error</h1></html>"),
    advice: undisturbed,
  },
  {
    row: "exists already and was not made by this stack",
    isFirst: true,
    fault: ({ lab }) => lab.byHand.call("POST", "core/applications/", { name: "Proxmox", slug: "proxmox" }),
    advice: ({ lab }) => lab.byHand.call("DELETE", "core/applications/proxmox/"),
  },
  {
    row: "the server accepted the request but did not store …",
    isFirst: true,
    fault({ lab }) {
      lab.meet.authentik = async (exchange) => {
        const answer = await exchange.forward();
        const isIt = exchange.method === "POST" && exchange.path.includes("/core/applications/");
        const body = Buffer.from(
          String(answer.body).replace('"meta_launch_url":"https', '"meta_launch_url":"http'),
        );
        exchange.reply(isIt ? { ...answer, body } : answer);
      };
    },
    advice: undisturbed,
  },
];
