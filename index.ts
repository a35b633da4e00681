import * as pulumi from "@pulumi/pulumi";
import { existingAuthentik } from "./components/authentikServer";
import { AuthentikStack } from "./components/authentikStack";
import { nextSteps } from "./components/outputs";
import { ProxmoxAuthentikSso } from "./components/proxmoxAuthentikSso";
import { loadConfig } from "./config/load";
import { nodeTrustCommands as trustCommands } from "./pki/trust";
import { ResourceProvider } from "./providers/core/resource";

const config = loadConfig();
const provider = new ResourceProvider();
const options = { providers: [provider] };
const url = config.authentikUrl ?? "";
const secret = (value: string | undefined) => pulumi.secret(value ?? "");

const authentik = config.deployAuthentik
  ? new AuthentikStack(
      "authentik",
      {
        url,
        secrets: {
          secretKey: secret(config.authentikSecretKey),
          databasePassword: secret(config.postgresPassword),
          bootstrapPassword: secret(config.authentikBootstrapPassword),
          bootstrapToken: secret(config.authentikToken),
        },
        tls: config.tlsCaCertificate
          ? { caCertificate: config.tlsCaCertificate, caKeyConfigKey: "tlsCaKey" }
          : undefined,
        apiUrl: config.authentikApiUrl,
        images: {
          ...(config.authentikImage && { authentik: config.authentikImage }),
          ...(config.postgresImage && { postgres: config.postgresImage }),
          ...(config.redisImage && { redis: config.redisImage }),
        },
        version: config.authentikVersion,
        redis: config.redis,
        bindAddress: config.bindAddress,
        httpPort: config.httpPort,
        httpsPort: config.httpsPort,
        bootstrapEmail: config.authentikBootstrapEmail,
        environment: config.authentikEnvironment,
        errorReporting: config.errorReporting,
        memoryMegabytes: config.memoryMegabytes,
        cpus: config.cpus,
        mounts: config.mounts,
        trustedProxies: config.trustedProxies,
        proxyCaCertificate: config.authentikCaCertificate,
        externalDatabase: config.postgresHost
          ? {
              host: config.postgresHost,
              port: config.postgresPort,
              user: config.postgresUser,
              name: config.postgresDatabase,
            }
          : undefined,
        docker: {
          host: config.dockerHost,
          context: config.dockerContext,
          certPath: config.dockerCertPath,
          platform: config.platform,
          registry: config.registryUsername
            ? {
                address: config.registryAddress ?? "docker.io",
                username: config.registryUsername,
                password: secret(config.registryPassword),
              }
            : undefined,
        },
        protectData: config.production,
      },
      options,
    )
  : existingAuthentik(
      {
        url,
        apiUrl: config.authentikApiUrl,
        caCertificate: config.authentikCaCertificate,
        ...(config.authentikVersion && { version: config.authentikVersion }),
      },
      { provider },
    );

const sso = new ProxmoxAuthentikSso(
  "sso",
  {
    authentik,
    proxmox: {
      apiUrl: config.proxmoxApiUrl,
      version: config.proxmoxVersion,
      addresses: config.proxmoxAddresses,
      caCertificate: config.proxmoxCa,
      fingerprint: config.proxmoxFingerprint,
      login: config.proxmoxUsername ? { username: config.proxmoxUsername } : undefined,
    },
    realm: {
      name: config.realm,
      default: config.realmDefault,
      autocreate: config.autocreate,
      usernameClaim: config.usernameClaim,
    },
    application: { name: config.applicationName, slug: config.applicationSlug },
    certificate: {
      keySize: config.signingKeySize,
      validityDays: config.signingValidityDays,
      renewBeforeDays: config.signingRenewBeforeDays,
      ownPair: config.signingCertificatePath
        ? {
            certificatePath: config.signingCertificatePath,
            ...(config.signingKeyPath
              ? { privateKeyPath: config.signingKeyPath }
              : { privateKeyConfigKey: "signingKey" }),
          }
        : undefined,
    },
    clientId: config.clientId,
    clientSecret: config.clientSecret,
    allowEveryone: config.allowEveryone,
    testUser: config.testUsername
      ? { username: config.testUsername, passwordConfigKey: "testPassword" }
      : undefined,
    adopt: config.adopt,
  },
  options,
);

const noOwnCa = "none: authentik's certificate is taken to be from a CA that the nodes trust already";

export const authentikUrl = authentik.origin;
export const proxmoxUrls = sso.redirectUris;
export const realm = sso.realm;
export const issuerUrl = sso.issuerUrl;
export const clientId = sso.clientId;
export const clientSecret = sso.clientSecret;
export const caCertificate = authentik.caCertificate ?? noOwnCa;
/** Lines to paste on every Proxmox node, so that it trusts authentik's certificate. */
export const nodeTrustCommands = authentik.caCertificate ? trustCommands(authentik.caCertificate) : noOwnCa;
export const proof = sso.proof;
export const next = nextSteps(sso.redirectUris, sso.realm);
