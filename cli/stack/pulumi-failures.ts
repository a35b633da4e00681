const notLoggedIn =
  "Pulumi is not logged in, and there is no lab here. For the lab, run `npm start`. For your own servers, run `pulumi login`, then `npm run init`.";
const noneSelected =
  "No stack is selected. Name yours with `--stack <name>`, create one with `npm run init`, or create the lab with `npm start`.";
const noPassphrase =
  "The stack's secrets are encrypted with a passphrase. Set PULUMI_CONFIG_PASSPHRASE to it, or PULUMI_CONFIG_PASSPHRASE_FILE to a file with it.";
const wrongPassphrase =
  "This is not the passphrase of the stack's secrets. Set the right one in PULUMI_CONFIG_PASSPHRASE, or in the file of PULUMI_CONFIG_PASSPHRASE_FILE.";

function unknownStack(name: string): string {
  return `There is no stack "${name}" where Pulumi is logged in. \`pulumi stack ls\` lists the stacks, and \`npm run init\` creates one.`;
}

/** Pulumi's messages about something that the user can set, and the messages to show instead. */
const explanations: readonly [said: RegExp, instead: string][] = [
  [/PULUMI_ACCESS_TOKEN must be set/, notLoggedIn],
  [/no stack selected|no stack named '/, noneSelected],
  [/passphrase must be set/, noPassphrase],
  [/incorrect passphrase/, wrongPassphrase],
];

/** Explains the error of a Pulumi command on the named stack, if its reason is known. */
export function explainPulumi(error: unknown, named?: string): unknown {
  if (!(error instanceof Error)) return error;
  const [, instead] = explanations.find(([said]) => said.test(error.message)) ?? [];
  if (instead === undefined) return error;
  // For a stack that does not exist, some of Pulumi's commands print that none is selected.
  const isUnknown = named !== undefined && instead === noneSelected;
  return new Error(isUnknown ? unknownStack(named) : instead, { cause: error });
}
