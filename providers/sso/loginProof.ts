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
  /** The realm in which the login is tried. */
  realm: z.string().min(1),
  /** What authentik's discovery document has to call itself, byte by byte. */
  issuerUrl: z.string().min(1),
  /** SHA-256 of the signing certificate, as hex bytes with colons. */
  signingFingerprint: z.string().min(1),
  /** The claim from which the realm takes groups: authentik's discovery document has to name it. */
  groupsClaim: z.string().min(1).optional(),
  /** Origins people open Proxmox at; each is checked. */
  redirectUris: z.array(z.string().min(1)).min(1),
  /** PEM of the CA that signed authentik's TLS certificate, where it is not a public one. */
  authentikCaCertificate: z.string().optional(),
  /** SHA-256 fingerprint of authentik's TLS certificate, where that is pinned. */
  authentikFingerprint: fingerprint.optional(),
  /** A user of authentik who logs in for the proof. Without one, everything up to the login is proved. */
  testUser: z
    .strictObject({
      /** As authentik knows the user. */
      username: z.string().min(1),
      /** The stack config key (a secret) with the password. */
      passwordConfigKey: z.string().min(1),
    })
    .optional(),
  /** The version of Proxmox VE as the configuration says it; empty where it does not. The server's own is compared with it. */
  expectedProxmoxVersion: z.string().optional(),
  /** Anything else the login rests on; a change of it repeats the proof. */
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

/** Proves the login of these inputs now; the command `npm run verify` uses it too. */
export function prove(credentials: Credentials, wanted: LoginProofInputs): Promise<Proof> {
  const user = wanted.testUser && {
    username: wanted.testUser.username,
    password: credentials.require(wanted.testUser.passwordConfigKey),
  };
  return proveLogin(wanted, connectProxmox(wanted.proxmox, credentials), user);
}

export type { LoginProofArgs };

/** The last step of an `up`: a login, link by link, whenever something it rests on has changed. */
export class LoginProof extends DefinedResource<typeof inputs, LoginProofArgs> {
  /** What the proof found, in one sentence. */
  declare readonly summary: pulumi.Output<string>;
  /** The Proxmox user as whom the test user logged in; empty without a test user. */
  declare readonly userId: pulumi.Output<string>;

  constructor(name: string, args: LoginProofArgs, options?: pulumi.CustomResourceOptions) {
    super(loginProofDefinition, ["summary", "userId"], name, args, options);
  }
}
