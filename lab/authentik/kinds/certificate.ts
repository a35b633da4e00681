import { FieldError, invalid } from "../api/errors";
import { text } from "../api/field-types";
import type { CustomFilter, Field, Kind } from "../api/kind";
import {
  type CertificateFacts,
  describeCertificate,
  parseCertificate,
  parsePrivateKey,
} from "../crypto/inspect";
import { textOf } from "../lab";
import type { Profile } from "../profile";
import type { Document } from "../store/store";

const PATH = "crypto/certificatekeypairs";

export function certificateKind(profile: Profile): Kind {
  return {
    name: "certificate",
    path: PATH,
    model: "CertificateKeyPair",
    app: "authentik_crypto",
    modelName: "certificatekeypair",
    identity: "uuid",
    primaryKey: "pk",
    lookup: "pk",
    methods: ["list", "create", "retrieve", "update", "destroy"],
    describe: (document) => `Certificate-Key Pair ${document.name}`,
    order: ["name"],
    search: ["name"],
    filters: {
      name: { type: "exact" },
      managed: { type: "exact" },
      has_key: { type: "custom", accepts: (wanted, document) => wanted !== "true" || hasKey(document) },
      ...(profile.name === "2026.5" ? { key_type: keyTypeFilter } : {}),
    },
    fields: [
      { name: "pk", readOnly: true },
      {
        name: "name",
        required: true,
        parse: text(),
        unique: "Certificate-Key Pair with this name already exists.",
      },
      fact("fingerprint_sha256", "sha256"),
      fact("fingerprint_sha1", "sha1"),
      fact("cert_expiry", "expiry"),
      fact("cert_subject", "subject"),
      { name: "private_key_available", readOnly: true, show: hasKey },
      {
        name: profile.certificateKeyTypeField,
        readOnly: true,
        show: profile.certificateKeyTypeField === "key_type" ? keyType : privateKeyType,
      },
      downloadUrl("certificate_download_url", "view_certificate"),
      downloadUrl("private_key_download_url", "view_private_key"),
      { name: "managed", readOnly: true, default: null },
      { name: "certificate_data", required: true, writeOnly: true, parse: certificateText },
      { name: "key_data", writeOnly: true, default: "", parse: keyText },
    ],
  };
}

const certificateText: Field["parse"] = async (value, input) => {
  const pem = await text()(value, input);
  if (typeof pem === "string" && parseCertificate(pem)) return pem;
  throw new FieldError("Unable to load certificate.");
};

const keyText: Field["parse"] = async (value, input) => {
  const pem = await text({ blank: true })(value, input);
  if (typeof pem === "string" && (pem === "" || parsePrivateKey(pem))) return pem;
  throw new FieldError("Unable to load private key (possibly encrypted?).");
};

function hasKey(document: Document): boolean {
  return textOf(document, "key_data") !== "";
}

function keyType(document: Document): string {
  return describeCertificate(textOf(document, "certificate_data")).keyType;
}

function privateKeyType(document: Document): string | null {
  return parsePrivateKey(textOf(document, "key_data"))?.asymmetricKeyType ?? null;
}

const KEY_TYPES = ["rsa", "ec", "dsa", "ed25519", "ed448"];

const keyTypeFilter: CustomFilter = {
  type: "custom",
  check: (wanted) => {
    if (KEY_TYPES.includes(wanted)) return;
    throw invalid({ key_type: [`Select a valid choice. ${wanted} is not one of the available choices.`] });
  },
  accepts: (wanted, document) => keyType(document) === wanted,
};

function fact(name: string, key: keyof CertificateFacts): Field {
  return {
    name,
    readOnly: true,
    show: (document) => describeCertificate(textOf(document, "certificate_data"))[key],
  };
}

function downloadUrl(name: string, action: string): Field {
  return { name, readOnly: true, show: (document) => `/api/v3/${PATH}/${document.pk}/${action}/?download` };
}
