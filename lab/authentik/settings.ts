import { readFileSync } from "node:fs";

/** Environment variables of the container, as ghcr.io/goauthentik/server reads them. */

export interface DatabaseSettings {
  host: string;
  port: number;
  user: string;
  name: string;
  password: string;
}

export interface Bootstrap {
  email?: string | undefined;
  password?: string | undefined;
  token?: string | undefined;
}

export type Environment = Record<string, string | undefined>;

/** A setting can refer to a file or another variable. White space is removed from both. */
export function resolveSetting(value: string, environment: Environment): string {
  if (value.startsWith("file://")) {
    const path = value.slice("file://".length);
    try {
      return readFileSync(path, "utf8").trim();
    } catch (error) {
      throw new Error(`The setting ${value} cannot be read: is the file mounted and readable by this user?`, {
        cause: error,
      });
    }
  }
  if (value.startsWith("env://")) {
    const name = value.slice("env://".length);
    return (environment[name] ?? "").trim();
  }
  return value;
}

export function readSetting(environment: Environment, name: string, otherwise: string): string {
  const value = environment[name];
  return value === undefined ? otherwise : resolveSetting(value, environment);
}

export function readDatabaseSettings(environment: Environment): DatabaseSettings {
  return {
    host: readSetting(environment, "AUTHENTIK_POSTGRESQL__HOST", "localhost"),
    port: Number(readSetting(environment, "AUTHENTIK_POSTGRESQL__PORT", "5432")),
    user: readSetting(environment, "AUTHENTIK_POSTGRESQL__USER", "authentik"),
    name: readSetting(environment, "AUTHENTIK_POSTGRESQL__NAME", "authentik"),
    password: readSetting(environment, "AUTHENTIK_POSTGRESQL__PASSWORD", ""),
  };
}

/** authentik refuses to start without a secret key. */
export function requireSecretKey(environment: Environment): void {
  if (readSetting(environment, "AUTHENTIK_SECRET_KEY", "") === "") {
    throw new Error("Secret key missing: set AUTHENTIK_SECRET_KEY (a value or file:///path).");
  }
}

/** Setting of the lab: seconds until a brand's certificate is served, if they differ from the release. */
export function readTlsTick({ LAB_BRAND_TLS_TICK }: Environment): number | undefined {
  return LAB_BRAND_TLS_TICK ? Number(LAB_BRAND_TLS_TICK) : undefined;
}

/** Only the worker reads these. As in the real one, file:// is not supported for them. */
export function readBootstrap(environment: Environment): Bootstrap {
  return {
    email: environment.AUTHENTIK_BOOTSTRAP_EMAIL,
    password: environment.AUTHENTIK_BOOTSTRAP_PASSWORD,
    token: environment.AUTHENTIK_BOOTSTRAP_TOKEN,
  };
}
