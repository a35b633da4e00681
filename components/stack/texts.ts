import * as pulumi from "@pulumi/pulumi";
import type { AuthentikStackArgs } from "../authentikStackArgs";
import { Refusal } from "./refusal";

/** The arguments, whose outputs of texts end the program if their values are not texts. */
export function withTexts(args: AuthentikStackArgs, title: string): AuthentikStackArgs {
  const { secrets, environment, docker } = args;
  const { secretKey, databasePassword, redisPassword, bootstrapPassword, bootstrapToken } = secrets;
  const secret = (option: string, input: pulumi.Input<string>) =>
    checked(input, isText, `This cannot work: ${title}\n- \`${option}\` ${noText}`);
  const optional = (option: string, input: pulumi.Input<string> | undefined) =>
    input === undefined ? {} : { [option]: secret(`secrets.${option}`, input) };
  return {
    ...args,
    secrets: {
      secretKey: secret("secrets.secretKey", secretKey),
      databasePassword: secret("secrets.databasePassword", databasePassword),
      ...optional("redisPassword", redisPassword),
      ...optional("bootstrapPassword", bootstrapPassword),
      ...optional("bootstrapToken", bootstrapToken),
    },
    ...(environment && {
      environment: Object.fromEntries(
        Object.entries(environment).map(([name, value]) => [
          name,
          checked(value, isScalar, `This cannot work: ${title}\n- \`environment.${name}\` ${noVariable}`),
        ]),
      ),
    }),
    ...(docker?.registry && {
      docker: {
        ...docker,
        registry: {
          ...docker.registry,
          password: secret("docker.registry.password", docker.registry.password),
        },
      },
    }),
  };
}

const noText = "is an output without text: give it a value, or leave it out where it is optional";
const noVariable = "is an output without a value: leave it out, or give it text";

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** Plain values have been checked already. */
function checked(
  input: pulumi.Input<string>,
  isRight: (value: unknown) => boolean,
  message: string,
): pulumi.Input<string> {
  if (!pulumi.Output.isInstance(input)) return input;
  return input.apply((value) => {
    if (isRight(value)) return value;
    throw new Refusal(message);
  });
}
