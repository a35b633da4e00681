import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { connectAccessControl } from "../accessControl/connection";
import { otherProducts } from "../accessControl/products";
import type { AuthentikClient } from "../authentik/client";
import { authentikConnection, connectAuthentik } from "../authentik/connection";
import { RefusedError } from "../authentik/errors";
import type { Credentials } from "../core/credentials";
import type { ResourceDefinition } from "../core/definition";
import { UserError } from "../core/errors";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { fingerprint } from "../http/fingerprint";
import { connectProxmox, proxmoxConnection } from "../proxmox/connection";
import type { LoginProofArgs } from "./args/loginProof";
import { type Proof, proveLogin } from "./proof/prove";
import { proveOther } from "./proof/proveOther";

const inputs = z.object({
  proxmox: proxmoxConnection,
  /** Which product it is. @default Proxmox VE */
  product: z.enum(["backup", "datacenter-manager"]).optional(),
  /** The realm of the login. */
  realm: z.string().min(1),
  /** The issuer in authentik's discovery document, byte by byte. */
  issuerUrl: z.string().min(1),
  /** SHA-256 of the signing certificate, as hex bytes with colons. */
  signingFingerprint: z.string().min(1),
  /** The groups claim of the realm. authentik's discovery document must list it. */
  groupsClaim: z.string().min(1).optional(),
  /** Origins at which people open Proxmox. Each is checked. */
  redirectUris: z.array(z.string().min(1)).min(1),
  /** PEM of the CA that signed authentik's TLS certificate, unless it is a public one. */
  authentikCaCertificate: z.string().optional(),
  /** Pinned SHA-256 fingerprint of authentik's TLS certificate. */
  authentikFingerprint: fingerprint.optional(),
  /** A user of authentik for the proof's login, instead of one that the proof makes and removes. */
  testUser: z
    .strictObject({
      /** The user name in authentik. */
      username: z.string().min(1),
      /** The stack config key (a secret) with the password. */
      passwordConfigKey: z.string().min(1),
    })
    .optional(),
  /** The connection to authentik's API. With it and `ownUser`, the proof logs in a user that it makes and removes. */
  authentik: authentikConnection.optional(),
  /** What the login of the proof's own user depends on. */
  ownUser: z
    .strictObject({
      /** The claim that becomes the user's name on Proxmox. */
      usernameClaim: z.string().min(1),
      /** Name of a group without members that admits the user. Without it, everybody may use the application. */
      admittedBy: z.string().min(1).optional(),
      /**
       * If everybody may use the application: the group that admitted the user while there was an `access`. Its bindings deny
       * the user until the end of the `up` that removes them.
       */
      formerlyAdmittedBy: z.string().min(1).optional(),
      /** Whether a user in no group must be refused. */
      refusesOthers: z.boolean(),
      /** Groups of authentik whose roles may be tried. */
      groups: z.array(
        z.strictObject({
          /** The group's name in authentik. */
          name: z.string().min(1),
          /** ACL paths on which the group has roles. */
          paths: z.array(z.string().min(1)).min(1),
        }),
      ),
    })
    .optional(),
  /** Whether to refuse a superuser of authentik as the test user. */
  production: z.boolean().default(false),
  /** The version of Proxmox VE in the configuration, or empty. The server's own version is compared with it. */
  expectedProxmoxVersion: z.string().optional(),
  /** Further values that the login depends on. A change repeats the proof. */
  restsOn: z.array(z.string()).default([]),
});

export const loginProofDefinition: ResourceDefinition<typeof inputs, Proof, Proof, Credentials> = {
  type: "sso:LoginProof",
  title: "proof of login",
  inputs,
  ownership: nothingToOwn,
  // The state of an earlier version lacks these inputs. They take effect when something else repeats the proof.
  notCompared: ["authentik", "ownUser"],
  comparedOnceRecorded: ["expectedProxmoxVersion", "production"],
  replaceOn: [],
  secrets: [],
  id: ({ realm }) => realm,
  connect: (_inputs, credentials) => credentials,
  find: async () => undefined,
  create: prove,
  read: async (_credentials, state) => state,
  update: (credentials, _current, wanted) => prove(credentials, wanted),
  delete: async () => {},
  observe: () => ({}),
  outputs: ({ summary, userId }) => ({ summary, userId }),
};

export type LoginProofInputs = z.output<typeof inputs>;

/** Proves the login now. `npm run verify` uses it too. */
export async function prove(credentials: Credentials, wanted: LoginProofInputs): Promise<Proof> {
  const { testUser, ownUser: own } = wanted;
  const authentik = wanted.authentik && connectAuthentik(wanted.authentik, credentials);
  if (testUser && wanted.production && authentik) await refuseSuperuser(authentik, testUser.username);
  const who = testUser
    ? {
        testUser: {
          username: testUser.username,
          password: credentials.require(testUser.passwordConfigKey),
        },
      }
    : authentik && own && { authentik, own };
  if (wanted.product === undefined)
    return proveLogin(wanted, connectProxmox(wanted.proxmox, credentials), who);
  return proveOther(
    wanted,
    connectAccessControl(otherProducts[wanted.product], wanted.proxmox, credentials),
    who,
  );
}

/** A token that may not see users proves nothing. */
async function refuseSuperuser(client: AuthentikClient, username: string): Promise<void> {
  const users = await client.users.list({ username }).catch((error: unknown) => {
    if (error instanceof RefusedError) return [];
    throw error;
  });
  if (users.some((user) => user.username === username && user.is_superuser)) {
    throw new UserError(
      `"${username}" is a superuser of authentik, and \`production\` refuses to keep such a password in the stack's config. ` +
        "Remove `testUsername` and `testPassword`: the proof then logs in a user that it makes and removes.",
    );
  }
}

export type { LoginProofArgs };

/**
 * The last step of an `up`: logs in, and checks each step of the login. It runs again if a resource that the login
 * needs has changed.
 */
export class LoginProof extends DefinedResource<typeof inputs, LoginProofArgs> {
  /** The result of the proof, in one sentence. */
  declare readonly summary: pulumi.Output<string>;
  /** The Proxmox user of the test login. Empty without a test user. */
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: LoginProofArgs, options?: pulumi.CustomResourceOptions) {
    super(loginProofDefinition, ["summary", "userId"], name, args, options);
  }
}
