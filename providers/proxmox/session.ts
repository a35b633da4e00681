import type { AxiosInstance } from "axios";
import { type Credentials, credentialKey } from "../core/credentials";
import { UserError } from "../core/errors";

/** The credential of a client, and the stack config key that contains it. */
export type ProxmoxCredential =
  | { readonly token: string; readonly configKey: string }
  | { readonly username: string; readonly password: string; readonly configKey: string };

/** Reads a credential of the stack's config: the login's password, or the API token. */
export function credentialFrom(
  credentials: Credentials,
  login: { readonly username: string; readonly passwordConfigKey: string } | undefined,
  tokenConfigKey: string,
  readToken: (pasted: string, configKey: string) => string,
): ProxmoxCredential {
  if (login === undefined) {
    const token = credentials.require(tokenConfigKey, readToken);
    return { token, configKey: credentialKey(tokenConfigKey) };
  }
  const { username, passwordConfigKey } = login;
  const password = credentials.require(passwordConfigKey);
  return { username, password, configKey: credentialKey(passwordConfigKey) };
}

/** How a Proxmox product accepts credentials. */
export interface CredentialForm {
  /** Prefix of an API token in the header. */
  readonly tokenHeader: string;
  /** Separates the name of an API token from its secret. */
  readonly separator: "=" | ":";
  readonly ticketCookie: string;
}

export const formOfVe: CredentialForm = {
  tokenHeader: "PVEAPIToken",
  separator: "=",
  ticketCookie: "PVEAuthCookie",
};

/** The user (`name@realm`) of the credential. */
export function userOf(credential: ProxmoxCredential, { separator } = formOfVe): string {
  if (!("token" in credential)) return credential.username;
  const [id = ""] = credential.token.split(separator);
  return id.slice(0, id.lastIndexOf("!"));
}

/** Valid for two hours, longer than any run. */
interface Ticket {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
}

interface TicketAnswer {
  /** Datacenter Manager sends it only as a cookie. */
  readonly ticket?: string;
  /** Backup Server and Datacenter Manager send it only after the second factor. */
  readonly CSRFPreventionToken?: string;
  readonly NeedTFA?: 0 | 1;
}

/**
 * Adds the API token to every request. With a password, logs in once, and adds the ticket and, for writes, the CSRF
 * token.
 */
export function authenticate(http: AxiosInstance, credential: ProxmoxCredential, form = formOfVe): void {
  if ("token" in credential) {
    http.defaults.headers.common.Authorization = `${form.tokenHeader}=${credential.token}`;
    return;
  }
  let login: Promise<Ticket> | undefined;
  http.interceptors.request.use(async (request) => {
    if (request.url === ticketPath) return request;
    login ??= logIn(http, credential, form).catch((error) => {
      login = undefined;
      throw error;
    });
    const { ticket, CSRFPreventionToken } = await login;
    request.headers.set("Cookie", `${form.ticketCookie}=${encodeURIComponent(ticket)}`);
    if (request.method !== "get") request.headers.set("CSRFPreventionToken", CSRFPreventionToken);
    return request;
  });
}

const ticketPath = "/api2/json/access/ticket";

async function logIn(
  http: AxiosInstance,
  { username, password }: Extract<ProxmoxCredential, { username: string }>,
  { ticketCookie }: CredentialForm,
): Promise<Ticket> {
  const { data, headers } = await http.post<{ data: TicketAnswer }>(
    ticketPath,
    new URLSearchParams({ username, password }),
  );
  const { ticket = ticketIn(headers["set-cookie"], ticketCookie), CSRFPreventionToken, NeedTFA } = data.data;
  // The ticket of the first factor can only be used for the second factor.
  if (NeedTFA || CSRFPreventionToken === undefined || ticket === undefined) {
    throw new UserError(
      `Proxmox asks for a second factor of "${username}", which a program does not have: use an API token.`,
    );
  }
  return { ticket, CSRFPreventionToken };
}

/** The ticket of a login that returns it only in a cookie. */
export function ticketIn(cookies: readonly string[] | undefined, name: string): string | undefined {
  const [cookie] = (cookies ?? []).filter((one) => one.startsWith(`${name}=`));
  const value = cookie?.slice(name.length + 1).replace(/;.*$/s, "");
  return value ? decodeURIComponent(value) : undefined;
}
