import type { AxiosInstance } from "axios";
import { UserError } from "../core/errors";

/** The credential of a client, and the stack config key that contains it. */
export type ProxmoxCredential =
  | { readonly token: string; readonly configKey: string }
  | { readonly username: string; readonly password: string; readonly configKey: string };

/** The user (`name@realm`) of the credential. */
export function userOf(credential: ProxmoxCredential): string {
  if (!("token" in credential)) return credential.username;
  const [id = ""] = credential.token.split("=");
  return id.slice(0, id.lastIndexOf("!"));
}

/** Valid for two hours, longer than any run. */
interface Ticket {
  readonly ticket: string;
  readonly CSRFPreventionToken: string;
  readonly NeedTFA?: 0 | 1;
}

/**
 * Adds the API token to every request. With a password, logs in once, and adds the ticket and, for writes, the CSRF
 * token.
 */
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
  // The ticket of the first factor can only be used for the second factor.
  if (data.data.NeedTFA) {
    throw new UserError(
      `Proxmox asks for a second factor of "${username}", which a program does not have: use an API token.`,
    );
  }
  return data.data;
}
