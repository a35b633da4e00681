/** Why the simulators cannot show the rows of the page, and the test that shows them where there is one. */
interface Elsewhere {
  readonly why: string;
  /** Files of tests. */
  readonly tests?: readonly string[];
  /** The start of each row. */
  readonly rows: readonly string[];
}

export const elsewhere: readonly Elsewhere[] = [
  {
    why: "They are about the machine of the lab: another one would lack Node.js, the network, Go, Docker or ports.",
    tests: ["test/unit/lab/toolchain.test.ts", "test/e2e/start.test.ts", "test/e2e/minimal-lab.long.test.ts"],
    rows: [
      "Node.js … is too old",
      "npm ci failed",
      "There is no Pulumi CLI on the PATH",
      "There is no Go to build …",
      "The stack's images cannot be pulled here",
      "apt knows no package source for Debian",
      "Docker's daemon did not answer within …",
      "cannot start: another program listens on port …",
      "There is no free port from … on",
      "could not be started",
      "This lab runs on Docker",
      "This lab was made without Docker",
      "pulumi up failed",
      "The stack could not be destroyed completely",
      "There is no lab here yet",
    ],
  },
  {
    why: "The Pulumi CLI says it, which these tests do not run: those of test/engine do.",
    tests: [
      "test/engine/in-the-way.test.ts",
      "test/engine/pending.test.ts",
      "test/engine/init.test.ts",
      "test/engine/fallback.test.ts",
      "test/engine/dependency.long.test.ts",
      "test/engine/engine-proxy.test.ts",
      "test/unit/cli/pulumi-failures.test.ts",
    ],
    rows: [
      "user is not logged in",
      "no stack selected",
      "There is a config of a stack …",
      "passphrase must be set",
      "incorrect passphrase",
      "failed to load plugin",
      "parsing plugin options",
      "Neither esbuild nor TypeScript",
      "is not on the PATH",
      "works, but starts more slowly",
      "the stack is currently locked",
      "pending operations",
      "currently marked for protection",
      "could not find plugin",
      "Pulumi cannot import",
      "has no resource type",
    ],
  },
  {
    why: "They need a Docker daemon with images, subnets and volumes.",
    tests: [
      "test/engine/examples.test.ts",
      "test/e2e/docker.test.ts",
      "test/e2e/docker-hosts.test.ts",
      "test/e2e/networks.long.test.ts",
      "test/e2e/no-bootstrap.test.ts",
      "test/unit/providers/docker/dataVersions.test.ts",
      "test/unit/providers/docker/setBack.test.ts",
      "test/resources/serverLog.test.ts",
    ],
    rows: [
      "Unable to pull the image …",
      "Docker does not answer at …",
      "could not find an available",
      "is not on this Docker",
      "Docker objects of others",
      "authentik cannot go back",
      "may not work on it",
      "authentik does not start: …",
      "Not fit for production",
    ],
  },
  {
    why: "It needs two resources that want one object at the same time. The tests of ownership run them in one process.",
    tests: ["test/unit/providers/core/ownership.test.ts", "test/ownership/moves.test.ts"],
    rows: ["belongs to another resource of this stack"],
  },
  {
    why: "They need a swarm of Docker hosts.",
    tests: [
      "test/e2e/swarm.long.test.ts",
      "test/unit/components/stack/swarm.test.ts",
      "test/unit/config/swarm.test.ts",
      "test/unit/providers/docker/rollout.test.ts",
      "test/unit/providers/docker/swarmObjects.test.ts",
      "test/unit/providers/docker/swarmReasons.test.ts",
    ],
    rows: [
      "must be a manager of the swarm",
      "More than half of the swarm's managers must be online",
      "The service … was rolled back",
      "cannot be created again, because services still use it",
      "The service … has tasks that no node takes",
      "The registry does not give the digest of …",
    ],
  },
  {
    why: "They are warnings: the `up` that shows them succeeds.",
    tests: ["test/e2e/earlier-default.long.test.ts", "test/unit/providers/authentik/releases.test.ts"],
    rows: ["authentik stays at …", "no longer gets security fixes", "is later than …", "is published on …"],
  },
  {
    why: "They are about the certificate that authentik on Docker serves, or about files of certificates.",
    tests: [
      "test/resources/webCertificate.test.ts",
      "test/resources/certificate.test.ts",
      "test/engine/own-pair.long.test.ts",
      "test/engine/ca-change.test.ts",
      "test/unit/providers/sso/causes.test.ts",
    ],
    rows: [
      "unable to get issuer certificate",
      "is a CA whose name constraints",
      "`ownPair`: …",
      "authentik has no default brand",
      "has no private key in authentik",
      "does not serve its new TLS certificate",
      "cannot serve its TLS certificate",
      "permitted subtree violation",
    ],
  },
  {
    why: "`production` refuses the addresses of this machine, where the simulators are.",
    tests: [
      "test/unit/model/production.test.ts",
      "test/resources/ownLogin.test.ts",
      "test/engine/preview.test.ts",
    ],
    rows: ["is a superuser of authentik"],
  },
  { why: "It needs another clock of this machine.", rows: ["The TLS certificate of … is not valid yet"] },
  {
    why: "Another message shows the cause first. These remain for a change on the server during the run.",
    tests: ["test/unit/providers/sso/any-stage.test.ts", "test/resources/exclusiveBindings.test.ts"],
    rows: [
      "No address to log in at",
      "denies the application before anybody logs in",
      "none of its bindings exists any longer",
    ],
  },
  {
    why: "The stack's token would belong to a user of the realm that the same stack makes.",
    tests: ["test/resources/actingUser.test.ts", "test/resources/proxmoxUser.test.ts"],
    rows: ["own token belongs to it", "The user stays in Proxmox"],
  },
  {
    why: "They are about Backup Server and Datacenter Manager, whose resources have tests of their own.",
    tests: [
      "test/resources/accessControlAcl.test.ts",
      "test/resources/accessControlUser.test.ts",
      "test/resources/accessControlRealm.test.ts",
      "test/resources/accessControlUsers.test.ts",
      "test/resources/groupMembers.test.ts",
      "test/engine/backup-server.test.ts",
    ],
    rows: [
      "the credential may not see …",
      "must exist first",
      "it removes no user of a realm that is gone",
      "has no user",
      "answered … with …: …",
      "own token belongs to …, and",
    ],
  },
];
