import { resolvedOrRefused } from "../../components/model/mistakes";
import { resolveSso } from "../../components/model/sso";
import { timeoutKey } from "../../providers/http/timeout";
import { deployed, existing, parse } from "../unit/config/right";
import { pass } from "./lab";
import { answers } from "./reach";
import type { Remedy } from "./remedy";

/** A row whose message the preview shows, from the config alone. */
export interface Correction {
  readonly row: string;
  /** Reads the config with the mistake. */
  readonly wrong: () => unknown;
  /** Reads it after the advice. */
  readonly right: () => unknown;
}

const read =
  (config: Record<string, string>, from = existing) =>
  () =>
    parse({ ...from, ...config });

/** What a Pulumi program gives the component. */
const component = (options: object) => () =>
  resolvedOrRefused(
    resolveSso(
      "sso",
      { proxmox: { addresses: ["https://pve.example.com:8006"] }, allowEveryone: true, ...options },
      { origin: "https://auth.example.com", apiUrl: "https://auth.example.com" },
    ),
  );

const environment = (AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS: string) =>
  JSON.stringify({ AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS });

export const corrections: readonly Correction[] = [
  {
    row: "The stack's configuration has …",
    wrong: read({ realm: "pve", usernameClaim: "sub" }),
    right: read({ realm: "company", usernameClaim: "email" }),
  },
  {
    row: "… is in plain text",
    wrong: () => parse(existing, { isEncrypted: (key) => key !== "proxmoxToken" }),
    right: () => parse({ ...existing, proxmoxToken: "sso@pve!pulumi=99999999-2222-3333-4444-555555555555" }),
  },
  {
    row: "is not a URL",
    wrong: read({ proxmoxApiUrl: "pve.example.com" }),
    right: read({ proxmoxApiUrl: "https://pve.example.com:8006" }),
  },
  {
    row: "This cannot work: …",
    wrong: component({ oauth2: { issuerMode: "global" } }),
    right: component({ oauth2: {} }),
  },
  {
    row: "… needs authentik",
    wrong: read({ authentikVersion: "2025.10.0", applicationSlug: "s".repeat(51) }),
    right: read({ authentikVersion: "2025.12.0", applicationSlug: "s".repeat(51) }),
  },
  {
    row: "`environment` …",
    wrong: read({ authentikEnvironment: environment("127.0.0.0/8,") }, deployed),
    right: read({ authentikEnvironment: environment("127.0.0.0/8") }, deployed),
  },
  {
    row: "is not a version of authentik",
    wrong: read({ authentikImage: "registry.example.com/authentik:latest" }, deployed),
    right: read(
      { authentikImage: "registry.example.com/authentik:latest", authentikVersion: "2026.8.7" },
      deployed,
    ),
  },
  {
    row: "is off, but authentik before",
    wrong: read({ redis: "false", authentikVersion: "2025.8.1" }, deployed),
    right: read({ redis: "true", authentikVersion: "2025.8.1" }, deployed),
  },
  {
    row: "which is not an address of a Docker host",
    wrong: read({ dockerHost: "root@docker.example.com" }, deployed),
    right: read({ dockerHost: "ssh://root@docker.example.com" }, deployed),
  },
  {
    row: "has a space or a character",
    wrong: read({ authentikToken: "t0ken of authentik" }),
    right: read({ authentikToken: '"Bearer t0ken-of-authentik"\n' }),
  },
  {
    row: "is not an API token of …",
    wrong: read({ proxmoxToken: "11111111-2222-3333-4444-555555555555" }),
    right: read({ proxmoxToken: "root@pam!sso=11111111-2222-3333-4444-555555555555" }),
  },
];

const proxmoxCa = "pulumi-nodejs:proxmoxCa";

/** Rows of "Before anything is created" that an `up` or a refresh shows. */
export const before: readonly Remedy[] = [
  {
    row: "The stack config has no",
    fault: (stack) => stack.set({}, { proxmoxToken: "" }),
    shownBy: "refresh",
    advice: (stack) => stack.set({}, stack.lab.config.secret),
  },
  {
    row: "the stack config has lost the …",
    isFirst: true,
    async fault(stack) {
      stack.set({ proxmoxCa: "", [proxmoxCa]: stack.lab.ca.certificate });
      const failure = await stack.up();
      if (failure) throw failure;
      stack.set({ [proxmoxCa]: "" });
    },
    shownBy: "refresh",
    advice: (stack) => stack.set({ [proxmoxCa]: stack.lab.ca.certificate }),
  },
  {
    row: "must be a number of seconds",
    fault: (stack) => stack.set({ [timeoutKey]: "soon" }),
    advice: (stack) => stack.set({ [timeoutKey]: "120" }),
  },
  {
    row: "this is authentik …, and",
    fault({ lab }) {
      lab.meet.authentik = (exchange) =>
        exchange.path.startsWith("/api/v3/admin/version/")
          ? exchange.reply(answers(200, '{"version_current":"2024.10.5"}'))
          : pass(exchange);
    },
    advice({ lab }) {
      lab.meet.authentik = pass;
    },
  },
];
