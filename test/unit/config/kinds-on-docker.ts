import fc from "fast-check";
import { asJson, asText, from, json, type Kind, line, word } from "./kinds";

const network = fc.tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 })).map((parts) => parts.join("/"));

const oneSwarm = { servers: 2, workers: 2, publish: "ingress", constraints: [], spread: [] };

/** The keys of authentik on Docker. */
export const kindsOnDocker: readonly Kind[] = [
  { keys: ["memoryMegabytes"], right: fc.integer({ min: 512, max: 65_536 }).map(String), meaning: asJson },
  { keys: ["registryUsername"], right: word, meaning: asText, requires: { registryPassword: "p4ssword" } },
  { keys: ["registryPassword"], right: line, meaning: asText, requires: { registryUsername: "puller" } },
  {
    keys: ["authentikImage"],
    right: fc
      .tuple(
        from("ghcr.io/goauthentik/server", "registry.example.com:5000/a"),
        from(":2026.8.7", ":2025.12.1"),
      )
      .map((parts) => parts.join("")),
    meaning: asText,
  },
  {
    keys: ["postgresImage", "redisImage"],
    right: fc
      .tuple(word, from("", ":17-alpine"), from("", `@sha256:${"0a".repeat(32)}`))
      .map((parts) => parts.join("")),
    meaning: asText,
  },
  { keys: ["bindAddress", "httpBindAddress"], right: fc.oneof(fc.ipV4(), fc.ipV6()), meaning: asText },
  {
    keys: ["authentikEnvironment"],
    right: json(
      fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{3,20}$/), fc.oneof(word, fc.integer(), fc.boolean())),
    ),
    meaning: (text) =>
      Object.fromEntries(Object.entries(JSON.parse(text)).map(([name, value]) => [name, String(value)])),
  },
  { keys: ["cpus"], right: from("1", "1.5", "0", "0.25"), meaning: asText },
  {
    keys: ["dockerHost"],
    right: from(
      "unix:///var/run/docker.sock",
      "ssh://root@docker.example.com",
      "tcp://docker.example.com:2375",
    ),
    meaning: asText,
  },
  {
    keys: ["dockerContext", "dockerCertPath", "pullImages", "applicationName"],
    right: word,
    meaning: asText,
  },
  { keys: ["dockerSshOptions"], right: json(fc.array(line, { maxLength: 3 })), meaning: asJson },
  {
    keys: ["dockerSubnets"],
    right: from(
      "{}",
      '{"frontend":"10.210.0.0/24"}',
      '{"frontend":"10.210.0.0/24","backend":"10.210.1.0/24"}',
    ),
    meaning: asJson,
  },
  { keys: ["platform"], right: from("linux/arm64", "linux/amd64", "linux"), meaning: asText },
  {
    keys: ["registryAddress"],
    right: from("registry.example.com", "registry.example.com:5000"),
    meaning: asText,
  },
  {
    keys: ["mounts"],
    right: json(
      fc.array(fc.record({ source: from("/etc/certs", "media"), target: word.map((name) => `/${name}`) }), {
        maxLength: 2,
      }),
    ),
    meaning: (text) => JSON.parse(text).map((mount: object) => ({ readOnly: true, ...mount })),
  },
  { keys: ["trustedProxies"], right: json(fc.array(network, { maxLength: 3 })), meaning: asJson },
  {
    keys: ["postgresHost"],
    right: fc.oneof(word, fc.ipV4(), fc.ipV6(), from("/run/postgresql", "a.example.com,b.example.com")),
    meaning: asText,
  },
  {
    keys: ["swarm"],
    right: json(fc.record({ servers: fc.integer({ min: 1, max: 100 }) })),
    meaning: (text) =>
      JSON.stringify(JSON.parse(text)) === "{}" ? {} : { ...oneSwarm, ...JSON.parse(text) },
    requires: { redis: "false", postgresHost: "db.example.com" },
  },
];
