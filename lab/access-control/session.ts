import { isSame, sign } from "../proxmox/access/secrets";
import { ApiError, refused } from "./errors";
import { type Answer, forms, type Method } from "./method";
import type { Node } from "./node";
import { isActive } from "./permissions";
import type { Product } from "./products";

const lifetimeSeconds = 2 * 60 * 60;

export function sessionMethods(product: Product): Method[] {
  const { version, release } = product;
  return [
    { verb: "GET", path: "/ping", parameters: {}, isPublic: true, run: () => ({ data: product.pong }) },
    {
      verb: "GET",
      path: "/version",
      parameters: {},
      run: () => ({ data: { version, release, repoid: "0".repeat(40) } }),
    },
    {
      verb: "POST",
      path: "/access/ticket",
      parameters: { username: forms.userid, password: {}, "http-only": forms.flag },
      isPublic: true,
      run: ({ node, parameters }) => {
        const password = parameters.text("password");
        if (password === undefined) throw refused("no password provided");
        const isRoot = parameters.text("username") === "root@pam" && password === node.rootPassword;
        if (!isRoot) throw new ApiError(401, "permission check failed.");
        return loggedIn(node, "root@pam", parameters.flag("http-only") ?? false);
      },
    },
  ];
}

/** The answer to a login. */
export function loggedIn(node: Node, userid: string, isHttpOnly: boolean): Answer {
  const { hidesTicket, cookie } = node.product;
  const { ticket, csrfToken } = issueTicket(node, userid);
  const isHidden = hidesTicket || isHttpOnly;
  return {
    data: {
      CSRFPreventionToken: csrfToken,
      ...(isHidden ? { "ticket-info": ticket.replace(/::.*/, "::ticketinfo") } : { ticket }),
      username: userid,
    },
    login: isHidden
      ? { cookie: `${cookie}=${encodeURIComponent(ticket)}; Secure; SameSite=Lax; HttpOnly; Path=/;` }
      : {},
  };
}

function issueTicket({ store, clock, product }: Node, userid: string) {
  const time = Math.floor(clock.now() / 1000)
    .toString(16)
    .toUpperCase()
    .padStart(8, "0");
  const plain = `${product.ownRealm.toUpperCase()}:${userid}:${time}`;
  return {
    ticket: `${plain}::${sign(store.authKey, plain)}`,
    csrfToken: `${time}:${sign(store.authKey, `${time}:${userid}`)}`,
  };
}

/** The user of this ticket. Undefined if it is invalid. */
export function userOfTicket(node: Node, ticket: string): string | undefined {
  const { store, clock } = node;
  const [, plain = "", userid = "", time = "", signature = ""] =
    /^(\w+:(.+):([0-9A-F]{8}))::(.+)$/.exec(ticket) ?? [];
  const age = clock.now() / 1000 - Number.parseInt(time, 16);
  const isFresh = age > -300 && age < lifetimeSeconds;
  return isFresh && isSame(signature, sign(store.authKey, plain)) && isActive(node, userid)
    ? userid
    : undefined;
}

export function isCsrfToken({ store }: Node, userid: string, token: string): boolean {
  const [time = "", signature = ""] = token.split(/:(.*)/s);
  return isSame(signature, sign(store.authKey, `${time}:${userid}`));
}
