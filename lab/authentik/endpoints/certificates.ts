import { type Answer, type Call, type Endpoint, ok, parameter } from "../api/endpoint";
import { Crash, FieldError, invalid } from "../api/errors";
import { choice, integer, text } from "../api/field-types";
import type { Kind, Kinds } from "../api/kind";
import { find, insert, show, validate } from "../api/objects";
import { permission } from "../api/permissions";
import { generateCertificate } from "../crypto/generate";
import { integerOf, textOf } from "../lab";
import type { Profile } from "../profile";

const LONGEST_VALIDITY_DAYS = 1_000_000;

export function certificateEndpoints(kinds: Kinds, profile: Profile): Endpoint[] {
  const kind = kinds.certificate;
  const generateKind = generationKind(kind, profile);
  return [
    {
      path: `${kind.path}/generate/`,
      permissions: { POST: permission(kind, "add") },
      methods: { POST: (call) => generate(kind, generateKind, call) },
    },
    {
      path: `${kind.path}/:key/view_certificate/`,
      permissions: { GET: permission(kind, "view", "_certificate") },
      methods: { GET: (call) => view(kind, call, "certificate_data", "certificate") },
    },
    {
      path: `${kind.path}/:key/view_private_key/`,
      methods: { GET: (call) => view(kind, call, "key_data", "private_key") },
    },
  ];
}

/** The fields of a `generate/` request. */
function generationKind(kind: Kind, profile: Profile): Kind {
  return {
    ...kind,
    fields: [
      {
        name: "common_name",
        required: true,
        parse: async (value, input) => {
          const name = await text()(value, input);
          const pairs = await input.context.lab.store.list("certificate");
          if (pairs.some((pair) => pair.name === name)) throw new FieldError("This field must be unique.");
          return name;
        },
      },
      { name: "subject_alt_name", parse: text({ blank: true }) },
      { name: "validity_days", required: true, parse: integer() },
      { name: "alg", parse: choice(profile.certificateAlgorithms) },
    ],
  };
}

async function generate(kind: Kind, generation: Kind, { body, context }: Call): Promise<Answer> {
  const values = await validate(generation, { body, previous: undefined, partial: false }, context);
  const days = integerOf(values, "validity_days");
  if (days < 0 || days > LONGEST_VALIDITY_DAYS) throw new Crash(`Validity of ${days} days`);
  const names = typeof values.subject_alt_name === "string" ? values.subject_alt_name.split(",") : [];
  if (names.some((name) => /[^ -~]/.test(name))) throw new Crash("Subject alternative name is not ASCII");
  const commonName = textOf(values, "common_name");
  const pair = await generateCertificate({
    commonName,
    names: names.map((name) => name.trim()).filter((name) => name !== ""),
    days,
    algorithm: requireAlgorithm(values.alg ?? "rsa"),
    issuer: `authentik ${context.lab.profile.version}`,
    rsaBits: context.lab.profile.rsaBits,
  });
  const document = await insert(
    kind,
    { name: commonName, certificate_data: pair.certificate, key_data: pair.privateKey },
    context,
  );
  return ok(await show(kind, document, context));
}

function requireAlgorithm(value: unknown): "rsa" | "ecdsa" | "ed25519" {
  if (value === "rsa" || value === "ecdsa" || value === "ed25519") return value;
  throw invalid({
    alg: [`The simulated authentik cannot generate ${value} keys; use rsa, ecdsa or ed25519.`],
  });
}

async function view(kind: Kind, call: Call, field: string, suffix: string): Promise<Answer> {
  const document = await find(kind, parameter(call, "key"), call.context);
  const data = textOf(document, field);
  if (!call.context.query.has("download")) return ok({ data });
  return {
    status: 200,
    body: data,
    headers: {
      "content-type": "application/x-pem-file",
      "content-disposition": `attachment; filename="${document.name}_${suffix}.pem"`,
    },
  };
}
