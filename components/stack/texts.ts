import * as pulumi from "@pulumi/pulumi";
import type { AuthentikStackArgs } from "../authentikStackArgs";
import { Refusal } from "./refusal";

type Check = (option: string, value: string) => string;

/** The arguments, whose outputs of texts end the program if their values are not texts. */
export function withTexts(args: AuthentikStackArgs, title: string): AuthentikStackArgs {
  const { environment, docker } = args;
  const { text, variable } = checks(title);
  const secrets = Object.entries(args.secrets).filter(([, value]) => value !== undefined);
  return {
    ...args,
    secrets: { ...args.secrets, ...checked(secrets, (name, value) => text(`secrets.${name}`, value)) },
    ...(environment && {
      environment: checked(Object.entries(environment), (name, value) =>
        variable(`environment.${name}`, value),
      ),
    }),
    ...(docker?.registry && {
      docker: {
        ...docker,
        registry: {
          ...docker.registry,
          ...checked([["password", docker.registry.password]], (_, value) =>
            text("docker.registry.password", value),
          ),
        },
      },
    }),
  };
}

/** Checks of the values of outputs, which throw a refusal with the option's name. */
export function checks(title: string): { text: Check; variable: Check } {
  const refuse = (option: string, why: string) =>
    new Refusal(`This cannot work: ${title}\n- \`${option}\` is an output without ${why}`);
  return {
    text(option, value) {
      if (typeof value === "string" && value !== "") return value;
      throw refuse(option, "text: give it a value, or remove it where it is optional");
    },
    variable(option, value) {
      if (["string", "number", "boolean"].includes(typeof value)) return value;
      throw refuse(option, "a value: remove it, or give it text");
    },
  };
}

/** Plain values have been checked already. */
function checked(
  inputs: readonly (readonly [string, pulumi.Input<string>])[],
  check: Check,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    inputs.map(([name, input]) => [
      name,
      pulumi.Output.isInstance(input) ? input.apply((value) => check(name, value)) : input,
    ]),
  );
}
