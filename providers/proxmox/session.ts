import type { AxiosInstance } from "axios";
import { UserError } from "../core/errors";

/** What a client proves who it is with, and the stack config key that holds it. */
export type ProxmoxCredential =
  | { readonly token: string; readonly configKey: string }
  | { readonly username: string; readonly password: string; readonly configKey: string };

/** The user (`name@realm`) in whose name the credential works. */
export function userOf(credential: ProxmoxCredential): string {
  if (!("token" in credential)) return credential.username;
  const [id = ""] = credential.token.split("=");
  return id.slice(0, id.lastIndexOf("!"));
}

/** Lasts two hours, longer than any run. */
interface Ticket {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
  readonly NeedTFA?: 0 | 1;
}

/** Makes every request carry the API token, or the ticket of one login and, for writes, its CSRF token. */
export function authenticate(http: AxiosInstance, credential: ProxmoxCredential): void {
  if ("token" in credential) {
    http.defaults.headers.common.Authorization = `PVEAPIToken=${credential.token}`;
    return;
  }
  let login: Promise<Ticket> | undefined;
  http.interceptors.request.use(async (request) => {
    if (request.url === ticketPath) return request;
    login ??= logIn(http, credential.username, credential.password).catch((error) => {
      login = undefined;
      throw error;
    });
    const { ticket, CSRFPreventionToken } = await login;
    request.headers.set("Cookie", `PVEAuthCookie=${encodeURIComponent(ticket)}`);
    if (request.method !== "get") request.headers.set("CSRFPreventionToken", CSRFPreventionToken);
    return request;
  });
}

const ticketPath = "/api2/json/access/ticket";

async function logIn(http: AxiosInstance, username: string, password: string): Promise<Ticket> {
  const { data } = await http.post<{ data: Ticket }>(ticketPath, new URLSearchParams({ username, password }));
  // The ticket of a first factor is good for nothing but the second one.
  if (data.data.NeedTFA) {
    throw new UserError(
      `Proxmox asks for a second factor of "${username}", which a program does not have: use an API token.`,
    );
  }
  return data.data;
}
