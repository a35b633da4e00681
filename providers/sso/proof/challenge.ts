import { z } from "zod";

const source = z.object({ name: z.string() });
const account = z.object({ uid: z.string(), username: z.string() });
const field = z.object({
  field_key: z.string(),
  type: z.string(),
  label: z.string().catch(""),
  required: z.boolean().catch(false),
  initial_value: z.string().catch(""),
});

/** The fields of a flow stage that the proof reads. Fields in other forms are dropped. */
const challenge = z.object({
  component: z.string().min(1),
  to: z.string().optional().catch(undefined),
  token: z.string().optional().catch(undefined),
  password_fields: z.boolean().catch(false),
  user_fields: z.array(z.string()).nullable().optional().catch(undefined),
  captcha_stage: z.looseObject({}).nullable().catch(null),
  sources: z.array(source).catch([]),
  passwordless_url: z.string().catch(""),
  passkey_challenge: z.looseObject({}).nullable().catch(null),
  accounts: z.array(account).catch([]),
  fields: z.array(field).catch([]),
  device_challenges: z.array(z.object({ device_class: z.string() })).catch([]),
  error_message: z.string().catch(""),
  error: z.string().catch(""),
  body: z.string().catch(""),
  response_errors: z.record(z.string(), z.array(z.object({ string: z.string() })).catch([])).catch({}),
});

export type Challenge = z.output<typeof challenge>;

export function challengeIn(body: unknown): Challenge | undefined {
  const { success, data } = challenge.safeParse(body);
  return success ? data : undefined;
}

/** The messages with which authentik refused the last answer. */
export function errorsIn({ response_errors }: Challenge): string[] {
  return Object.values(response_errors).flatMap((errors) => errors.map(({ string }) => string));
}
