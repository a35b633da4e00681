import * as pulumi from "@pulumi/pulumi";

/** Environment variables of authentik's containers. Secret ones are in files, which `docker inspect` does not show. */
export interface Variables {
  readonly environment: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** File contents by path. */
  readonly files?: pulumi.Output<Record<string, string>>;
  /** Lines of a shell script that export the variables which authentik cannot read from files. */
  readonly exports?: pulumi.Output<string>;
}

const folder = "/run/secrets/environment";

type Given = Readonly<Record<string, pulumi.Input<string>>>;

/** Only an output can be a secret. */
function outputsIn(given: Given): [string, pulumi.Input<string>][] {
  return Object.entries(given).filter(([, value]) => pulumi.Output.isInstance(value));
}

/** The values of the variables that may be secret, by the paths of their files. */
export function secretVariableFiles(given: Given): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(outputsIn(given).map(([name, value]) => [fileOf(name), value]));
}

export function hideSecrets(given: Given): Variables {
  const outputs = outputsIn(given);
  if (outputs.length === 0) return { environment: given };
  const secrets = pulumi.output(
    Promise.all(
      outputs.map(async ([name, value]) => {
        const isSecret = await pulumi.isSecret(pulumi.output(value));
        return { name, isSecret, value: pulumi.unsecret(pulumi.output(value)) };
      }),
    ),
  );
  const hidden = secrets.apply((all) => all.filter(({ isSecret }) => isSecret));
  const exported = hidden.apply((all) => all.filter((one) => !isReadFromFile(one)).map(({ name }) => name));
  return {
    environment: pulumi.all([hidden, exported]).apply(([all, exported]) => ({
      ...Object.fromEntries(Object.entries(given).filter(([name]) => !all.some((one) => one.name === name))),
      ...Object.fromEntries(
        all
          .filter(({ name }) => !exported.includes(name))
          .map(({ name }) => [name, `file://${fileOf(name)}`]),
      ),
    })),
    files: pulumi.secret(
      hidden.apply((all) => Object.fromEntries(all.map(({ name, value }) => [fileOf(name), value]))),
    ),
    exports: exported.apply((names) =>
      names.map((name) => `${name}="$(cat ${fileOf(name)})"\nexport ${name}\n`).join(""),
    ),
  };
}

function fileOf(name: string): string {
  return `${folder}/${name}`;
}

/**
 * authentik reads `file://` only for text settings (internal/config/config.go). Numbers, switches, lists, bootstrap
 * values and variables of Python or the system need the value itself.
 */
function isReadFromFile({ name, value }: { name: string; value: string }): boolean {
  return (
    name.startsWith("AUTHENTIK_") &&
    !/^AUTHENTIK_BOOTSTRAP_|_CIDRS$/.test(name) &&
    !/^(-?\d+(\.\d+)?|true|false|(file|env):\/\/.*)$/i.test(value)
  );
}
