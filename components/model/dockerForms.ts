import { isIPv4, isIPv6 } from "node:net";
import { posix, win32 } from "node:path";
import { z } from "zod";
import { json, textLike, textUnless } from "./forms";
import { problemWithNetworks } from "./proxies";
import { problemsWithSubnets } from "./subnets";

// Schemas for values that go to Docker. Docker would refuse invalid ones in the middle of an `up`.

export const ipAddress = () =>
  textLike(
    (value) => isIPv4(value) || (isIPv6(value) && !value.includes("%")),
    "must be an IP address of the Docker host, without brackets or a port, e.g. 127.0.0.1 or ::",
  );

/** A host name of one or more labels, or an IPv4 address. */
const label = "[A-Za-z0-9_]([\\w-]*\\w)?";
const hostName = new RegExp(`^${label}(\\.${label})*\\.?$`);

/** libpq also accepts a comma-separated list of hosts, and the directory of a socket. */
export const databaseHost = () =>
  textLike(
    (value) => value.split(",").every((host) => /^\/\S+$/.test(host) || hostName.test(host) || isIPv6(host)),
    "must be a host name or IP address alone, e.g. db.example.com: its port is postgresPort",
  );

export const registry = () =>
  textLike((value) => {
    const [, host = "", port = "1"] = /^([^:]*)(?::(\d+))?$/.exec(value) ?? [];
    return hostName.test(host) && Number(port) >= 1 && Number(port) <= 65_535;
  }, "must be the registry's host name, and its port where it has one, e.g. registry.example.com:5000, without https:// or a path");

/** The grammar of github.com/distribution/reference: only the registry may have capital letters. */
const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const imageName = new RegExp(
  `^(?:${label}(?:\\.${label})*(?::\\d+)?/)?${part}(?:/${part})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);
export const image = () =>
  textLike(
    (value) => imageName.test(value),
    "must be an image by tag or digest, e.g. registry.example.com/authentik:2026.8.7, without https:// and in lower case",
  );

export const platform = () =>
  textLike(
    (value) => /^(?!windows|darwin|freebsd)[a-z0-9]+(\/[a-z0-9_]+){0,2}$/.test(value),
    "must be a system and its architecture, e.g. linux/arm64: the images exist for Linux only",
  );

/** Docker's minimum is 0.01. It reads 0 as "no limit". */
export const cpus = () =>
  textLike(
    (value) => /^\d{1,6}(\.\d{1,9})?$/.test(value) && (Number(value) === 0 || Number(value) >= 0.01),
    "must be a number of CPUs, e.g. 1.5",
  );

const megabytesForm = "must be a number of MiB, from 512 to 16777216";
export const megabytes = (fallback: number) =>
  json(z.int(megabytesForm).min(512, megabytesForm).max(16_777_216, megabytesForm).default(fallback));

export const prefix = () =>
  textLike(
    (value) => /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(value),
    "must begin with a letter or digit, and have letters, digits, dots, hyphens and underscores only",
  );

/** Suffixes of the stack's other volumes. */
const takenVolumes = ["data", "redis"];
export const databaseVolume = () =>
  textUnless((value) => {
    if (takenVolumes.includes(value)) return "is the name of another volume of the stack: choose another one";
    return /^[a-zA-Z0-9_.-]+$/.test(value)
      ? undefined
      : "must be a name of letters, digits, dots, hyphens and underscores";
  });

const environmentForm =
  "must be names with texts; set one with: pulumi config set --path authentikEnvironment.AUTHENTIK_LOG_LEVEL debug";
/** Environment variables of authentik, with values in this form. */
export const variables = <Value>(value: z.ZodType<Value>) =>
  z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, environmentForm), value, environmentForm)
    .refine(({ AUTHENTIK_WEB__PATH: path = "" }) => typeof path !== "string" || !path.replace("/", ""), {
      error: "has AUTHENTIK_WEB__PATH, but authentik below a path is not supported: remove it",
    });
export const environment = () =>
  json(
    variables(
      z
        .union([z.string(), z.number(), z.boolean()], environmentForm)
        .transform(String)
        .refine((value) => !value.includes("\0"), environmentForm),
    ).default({}),
  );

const mountsForm = "must be a list of {source: host path or volume, target: absolute path, readOnly: true}";
/** An absolute path on the Docker host, or the name of a volume, in the syntax that Docker accepts. */
const mountSource = z.string(mountsForm).refine(
  (source) =>
    // Docker separates source and target by a colon.
    !/\0|^\/.*:/s.test(source) && (win32.isAbsolute(source) || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source)),
  mountsForm,
);
const mountTarget = z.string(mountsForm).regex(/^\/[^\0:]*[^\0:/]$/, mountsForm);
/** Mount points of the stack's own volumes, and the folder of its secrets. */
const takenTargets = ["/data", "/media", "/run/secrets"];

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder.replace(/\/$/, "")}/`);
}

export const mounts = () =>
  json(
    z
      .array(
        z.strictObject(
          {
            source: mountSource,
            target: mountTarget,
            readOnly: z.boolean(mountsForm).default(true),
            shared: z.boolean(mountsForm).optional(),
          },
          mountsForm,
        ),
        mountsForm,
      )
      .superRefine((all, context) => {
        const targets = all.map(({ target }) => posix.resolve(target));
        for (const [index, target] of targets.entries()) {
          const taken = takenTargets.find((own) => own === target || isBelow(own, target));
          if (taken !== undefined) {
            const message = `has the target ${target}, which would hide the stack's own files in ${taken}: mount another folder, or one below it`;
            context.addIssue({ code: "custom", message });
          } else if (targets.indexOf(target) < index) {
            context.addIssue({ code: "custom", message: `has the target ${target} twice` });
          }
        }
      })
      .default([]),
  );

export const networksForm = "must be a list of networks, e.g. 10.0.0.0/8";
const trustedNetwork = z.union([z.cidrv4(), z.cidrv6()], {
  error: ({ input }) => (typeof input === "string" && problemWithNetworks([input])) || networksForm,
});
export const trustedNetworks = () => json(z.array(trustedNetwork, networksForm).default([]));

const sshOptionsForm = 'must be a list of arguments, e.g. ["-i", "/etc/deploy/id_ed25519"]';
export const sshOptions = () =>
  json(
    z
      .array(
        z
          .string(sshOptionsForm)
          .min(1, sshOptionsForm)
          .refine((word) => !word.includes("\0"), sshOptionsForm),
        sshOptionsForm,
      )
      .default([]),
  );

const subnetsForm =
  "must be a subnet for each network, e.g. { frontend: 10.210.0.0/24, backend: 10.210.1.0/24 }";
const subnet = z.string(subnetsForm).optional();
export const subnets = () =>
  json(
    z
      .strictObject({ frontend: subnet, backend: subnet }, subnetsForm)
      .superRefine((given, context) => {
        for (const message of problemsWithSubnets(given)) context.addIssue({ code: "custom", message });
      })
      .default({}),
  );
