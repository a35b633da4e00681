import * as pulumi from "@pulumi/pulumi";
import { AuthentikStack } from "../../../../components/authentikStack";
import type { AuthentikStackArgs } from "../../../../components/authentikStackArgs";

export interface Planned {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

export const productionArgs: AuthentikStackArgs = {
  url: "https://auth.example.com",
  apiUrl: "http://127.0.0.1:9000",
  images: { authentik: "ghcr.io/goauthentik/server:2026.8.7" },
  secrets: {
    secretKey: pulumi.secret("a-secret-key"),
    databasePassword: pulumi.secret("a-database-password"),
    bootstrapPassword: pulumi.secret("a-bootstrap-password"),
    bootstrapToken: pulumi.secret("a-bootstrap-token"),
  },
  environment: { AUTHENTIK_LOG_LEVEL: "debug", AUTHENTIK_EMAIL__PASSWORD: pulumi.secret("a-mail-password") },
};

/** Every resource that a stack registers, with its inputs. */
export async function planned(args: AuthentikStackArgs): Promise<Planned[]> {
  const all: Planned[] = [];
  const newResource = ({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs) => {
    const { __provider: _, ...others } = inputs;
    all.push({ type, name, inputs: others });
    return { id: id ?? `${name}-id`, state: { ...inputs, serialNumber: "4711", revision: "1" } };
  };
  // A preview sends no request to Docker.
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "sso", "prod", true);
  try {
    new AuthentikStack("authentik", args);
  } finally {
    await pulumi.runtime.disconnect();
  }
  return all.sort((one, other) => `${one.type}${one.name}`.localeCompare(`${other.type}${other.name}`));
}
