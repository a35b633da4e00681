import { z } from "zod";
import type { ExistingAuthentikArgs } from "../authentikServer";
import type { AuthentikStackArgs } from "../authentikStackArgs";
import { defaults } from "./defaults";
import {
  cpus,
  databaseHost,
  databaseVolume,
  image,
  ipAddress,
  megabytes,
  mounts,
  networksForm,
  platform,
  prefix,
  registry,
  sshOptions,
  subnets,
  variables,
} from "./dockerForms";
import {
  authentikAddress,
  caPem,
  dockerHost,
  email,
  optionalFlag,
  port,
  serverFingerprint,
  signingCaPem,
  text,
} from "./forms";
import { asGiven, ifSet, required, secret, variable } from "./inputForms";
import type { Resolution } from "./mistakes";
import { mistakesInForm } from "./plainValues";

// Schemas of the arguments of `AuthentikStack` and `existingAuthentik`. Plain JavaScript has no types that check them.

const { stack } = defaults;
const missingUrl = "is missing: give authentik's address, e.g. https://auth.example.com";

const issuedTls = z.strictObject(
  { caCertificate: asGiven(signingCaPem()), caKeyConfigKey: required(text()) },
  "must be { caCertificate: …, caKeyConfigKey: … } or { ownPair: … }",
);
/** Its resource checks the pair. */
const ownTls = z.strictObject({ ownPair: z.unknown() });
const isOwn = (tls: unknown) => (Object(tls).ownPair ?? undefined) !== undefined;

const externalDatabase = z.strictObject(
  {
    host: required(databaseHost()),
    port: ifSet(port(stack.databasePort)),
    user: text(),
    name: text(),
  },
  "must be an object, e.g. { host: db.example.com }",
);

const docker = z.strictObject(
  {
    host: dockerHost(),
    context: text(),
    certPath: text(),
    sshOptions: ifSet(sshOptions()),
    subnets: ifSet(subnets()),
    /** Checked by `resolveSwarm`. */
    swarm: ifSet(z.unknown()),
    platform: platform(),
    pullImages: text(),
    registry: ifSet(
      z.strictObject(
        { address: required(registry()), username: required(text()), password: secret() },
        "must be an object, e.g. { address: registry.example.com, username: deploy, password: … }",
      ),
    ),
  },
  "must be an object, e.g. { host: ssh://root@docker.example.com }",
);

const stackSchema = z.strictObject(
  {
    url: required(authentikAddress(), missingUrl),
    secrets: z.strictObject(
      {
        secretKey: secret(),
        databasePassword: secret(),
        redisPassword: ifSet(secret()),
        bootstrapPassword: ifSet(secret()),
        bootstrapToken: ifSet(secret()),
      },
      "must be an object with `secretKey` and `databasePassword`",
    ),
    tokenConfigKey: text(),
    tls: ifSet((given): z.ZodType => (isOwn(given) ? ownTls : issuedTls)),
    apiUrl: authentikAddress(),
    images: ifSet(
      z.strictObject(
        { authentik: image(), postgres: image(), redis: image() },
        "must be an object, e.g. { postgres: postgres:16-alpine }",
      ),
    ),
    version: text(),
    redis: optionalFlag(),
    ipv6: optionalFlag(),
    bindAddress: ipAddress(),
    httpBindAddress: ipAddress(),
    httpPort: ifSet(port(stack.httpPort)),
    httpsPort: ifSet(port(stack.httpsPort)),
    bootstrapEmail: email(),
    environment: ifSet(variables(variable())),
    errorReporting: optionalFlag(),
    memoryMegabytes: ifSet(megabytes(stack.memoryMegabytes)),
    cpus: cpus(),
    mounts: ifSet(mounts()),
    /** The version decides which networks it can have (see `resolveDeployed`). */
    trustedProxies: ifSet(z.array(z.string(networksForm), networksForm)),
    caCertificate: ifSet(asGiven(caPem())),
    externalDatabase: ifSet(externalDatabase),
    docker: ifSet(docker),
    prefix: prefix(),
    databaseVolume: databaseVolume(),
    protectData: optionalFlag(),
    retainData: optionalFlag(),
    production: optionalFlag(),
  },
  "must be an object with the arguments",
);

const existingSchema = z.strictObject(
  {
    url: required(authentikAddress(), missingUrl),
    apiUrl: authentikAddress(),
    caCertificate: ifSet(asGiven(caPem())),
    fingerprint: ifSet(asGiven(serverFingerprint())),
    tokenConfigKey: ifSet(asGiven(text())),
    version: text(),
  },
  "must be an object with the arguments",
);

const isStackArgs = (options: unknown): options is AuthentikStackArgs =>
  stackSchema.safeParse(options).success;
const isExistingArgs = (options: unknown): options is ExistingAuthentikArgs =>
  existingSchema.safeParse(options).success;

/** Arguments that may be outputs. */
export const inputsOfStack =
  /^(secrets\.\w+|environment\.\w+|docker\.registry\.password|tls\.(caCertificate|ownPair(\..*)?)|caCertificate)$/;
export const inputsOfExisting = /^(caCertificate|fingerprint|tokenConfigKey)$/;

/** The arguments of `AuthentikStack` in their forms, or what is wrong with them. */
export function readStackArgs(given: unknown): Resolution<AuthentikStackArgs> {
  return read(given, { schema: stackSchema, isRight: isStackArgs, inputs: inputsOfStack });
}

/** The arguments of `existingAuthentik` in their forms, or what is wrong with them. */
export function readExistingArgs(given: unknown): Resolution<ExistingAuthentikArgs> {
  return read(given, { schema: existingSchema, isRight: isExistingArgs, inputs: inputsOfExisting });
}

function read<Args>(
  given: unknown,
  form: { schema: z.ZodObject; isRight: (options: unknown) => options is Args; inputs: RegExp },
): Resolution<Args> {
  const mistakes = mistakesInForm(form.schema, given, form.inputs);
  if (mistakes.length > 0) return { resolved: undefined, mistakes };
  const args: unknown = form.schema.parse(given);
  return form.isRight(args) ? { resolved: args, mistakes: [] } : { resolved: undefined, mistakes };
}
