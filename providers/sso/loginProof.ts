import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Credentials } from "../core/credentials";
import type { ResourceDefinition } from "../core/definition";
import { nothingToOwn } from "../core/ownership";
import { DefinedResource } from "../core/resource";
import { fingerprint } from "../http/fingerprint";
import { connectProxmox, proxmoxConnection } from "../proxmox/connection";
import type { LoginProofArgs } from "./args/loginProof";
import { type Proof, proveLogin } from "./proof/prove";

const inputs = z.object({
  proxmox: proxmoxConnection,
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
  /** A user of authentik for the proof's login. Without one, the proof covers every step before the login. */
  testUser: z
    .strictObject({
      /** The user name in authentik. */
      username: z.string().min(1),
      /** The stack config key (a secret) with the password. */
      passwordConfigKey: z.string().min(1),
    })
    .optional(),
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
  comparedOnceRecorded: ["expectedProxmoxVersion"],
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
export function prove(credentials: Credentials, wanted: LoginProofInputs): Promise<Proof> {
  const user = wanted.testUser && {
    username: wanted.testUser.username,
    password: credentials.require(wanted.testUser.passwordConfigKey),
  };
  return proveLogin(wanted, connectProxmox(wanted.proxmox, credentials), user);
}

export type { LoginProofArgs };

/** The last step of an `up`: a login, checked link by link. It runs again if a resource in the chain has changed. */
export class LoginProof extends DefinedResource<typeof inputs, LoginProofArgs> {
  /** The result of the proof, in one sentence. */
  declare readonly summary: pulumi.Output<string>;
  /** The Proxmox user of the test login. Empty without a test user. */
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: LoginProofArgs, options?: pulumi.CustomResourceOptions) {
    super(loginProofDefinition, ["summary", "userId"], name, args, options);
  }
}
