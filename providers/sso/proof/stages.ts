import { UserError } from "../../core/errors";
import type { Challenge } from "./challenge";

export interface TestUser {
  readonly username: string;
  readonly password: string;
  /** Whether this is the administrator who runs `init`, and not the test user of a proof. */
  readonly isAdministrator?: boolean;
  /** For a flow that identifies users only by e-mail address. */
  readonly email?: string;
}

/** How messages refer to the user. */
export function called({ username, isAdministrator }: TestUser): string {
  return `${isAdministrator ? "the administrator" : "the test user"} "${username}"`;
}

/** A flow requires input that only a person has, or accepts only certain users. */
export class UnmetDemandError extends UserError {
  /** What the flow requires, and how far the user got. */
  readonly demand: string;

  constructor(demand: string, message: string) {
    super(message);
    this.demand = demand;
  }
}

interface Unanswerable {
  /** The stage's name in authentik's interface. */
  readonly title: string;
  /** The input that a program does not have. */
  readonly wants: string;
}

/** The stages that require a person, by their component (authentik/stages/, authentik/sources/). */
const unanswerable: ReadonlyMap<string, Unanswerable> = new Map(
  Object.entries({
    "ak-stage-captcha": { title: "Captcha Stage", wants: "a captcha that a person solves" },
    "ak-stage-authenticator-validate": {
      title: "Authenticator Validation Stage",
      wants: "a second factor",
    },
    "ak-stage-authenticator-duo": setup("Duo"),
    "ak-stage-authenticator-email": setup("Email"),
    "ak-stage-authenticator-sms": setup("SMS"),
    "ak-stage-authenticator-static": setup("Static"),
    "ak-stage-authenticator-totp": setup("TOTP"),
    "ak-stage-authenticator-webauthn": setup("WebAuthn"),
    "ak-stage-prompt": { title: "Prompt Stage", wants: "what only a person can say" },
    "ak-stage-email": { title: "Email Stage", wants: "the link of an e-mail" },
    "ak-stage-autosubmit": { title: "form to another site", wants: "the login of an external source" },
    "ak-stage-endpoint-agent": { title: "Endpoint Stage", wants: "the agent of a known device" },
    "ak-provider-oauth2-device-code": { title: "device code", wants: "the code of a device" },
    "ak-provider-oauth2-device-code-finish": { title: "device code", wants: "a login on another device" },
    "ak-provider-iframe-logout": { title: "logout of other applications", wants: "a browser that logs out" },
    "ak-provider-saml-native-logout": {
      title: "logout of a SAML application",
      wants: "a browser that logs out",
    },
    "ak-stage-session-end": { title: "end of the session", wants: "a choice of where to go" },
    "ak-source-apple": source("Apple"),
    "ak-source-oauth-apple": source("Apple"),
    "ak-source-plex": source("Plex"),
    "ak-source-telegram": source("Telegram"),
    "xak-flow-frame": { title: "frame", wants: "a page in the browser" },
    "xak-flow-shell": { title: "page of its own", wants: "a person who reads it" },
  }),
);

function setup(device: string): Unanswerable {
  return { title: `${device} Authenticator Setup Stage`, wants: "a second factor to be set up" };
}

function source(name: string): Unanswerable {
  return { title: `${name} source`, wants: `a login at ${name}` };
}

/** Types of prompt fields without input. */
const silentTypes = ["static", "separator", "hidden", "text_read_only", "text_area_read_only"];

/** The answer to a stage. Undefined if only a person can answer. */
export function answer(stage: Challenge, user: TestUser): object | undefined {
  const { component, token } = stage;
  switch (component) {
    case "ak-stage-identification":
      if (stage.captcha_stage !== null || isWithoutFields(stage)) return undefined;
      return {
        component,
        uid_field: nameFor(stage, user),
        ...(stage.password_fields && { password: user.password }),
      };
    case "ak-stage-password":
      return { component, password: user.password };
    case "ak-stage-user-login":
      return { component, remember_me: false };
    case "ak-stage-consent":
      return { component, token };
    case "ak-stage-dummy":
      return { component };
    case "ak-stage-account-selection":
      return { component, ...accountFor(stage, user) };
    case "ak-stage-prompt":
      if (waitingFields(stage).length > 0) return undefined;
      return {
        component,
        // An empty text is no valid date, number or choice. authentik accepts a missing value.
        ...Object.fromEntries(
          stage.fields
            .filter(({ initial_value }) => initial_value !== "")
            .map(({ field_key, initial_value }) => [field_key, initial_value]),
        ),
      };
  }
  return undefined;
}

function nameFor({ user_fields }: Challenge, { username, email }: TestUser): string {
  return user_fields?.includes("username") === false && user_fields.includes("email") && email
    ? email
    : username;
}

/** The user's account if the browser knows it, or else a new login (on authentik's main branch in 2026). */
function accountFor({ accounts }: Challenge, { username }: TestUser): object {
  const known = accounts.find((account) => account.username === username);
  return known ? { action: "continue", selected_account: known.uid } : { action: "login" };
}

function isWithoutFields({ user_fields }: Challenge): boolean {
  return user_fields !== undefined && (user_fields ?? []).length === 0;
}

/** A person only confirms a field with a value, but a tick is a statement of the person. */
function waitingFields({ fields }: Challenge): Challenge["fields"] {
  return fields.filter(
    ({ type, required, initial_value }) =>
      required && !silentTypes.includes(type) && (initial_value === "" || type === "checkbox"),
  );
}

/** Why the flow stops, and how to let the test user through. */
export function explainStage(
  stage: Challenge,
  slug: string,
  user: TestUser,
  passed: readonly string[],
): UnmetDemandError {
  const { title, wants } = describe(stage);
  const far = passed.length === 0 ? "" : ` It passed ${passed.join(", ")}.`;
  const advice = user.isAdministrator
    ? "Give an API token instead."
    : `Let the flow skip this stage for the test user. In authentik, open Flows and Stages > Flows > ${slug} > Stage Bindings, ` +
      "and bind a policy to the stage. Or remove `testUsername`: the proof then covers everything up to the login.";
  return new UnmetDemandError(
    `authentik's flow "${slug}" asks for ${wants} (its ${title}, ${stage.component}), which a program cannot answer.${far}`,
    `authentik's flow "${slug}" asks ${called(user)} for ${wants} (its ${title}, ${stage.component}), ` +
      `which a program cannot answer.${far} ${advice}`,
  );
}

function describe(stage: Challenge): Unanswerable {
  const { component, device_challenges: devices } = stage;
  if (component === "ak-stage-identification") {
    if (stage.captcha_stage !== null) {
      return {
        title: "Captcha Stage within the Identification Stage",
        wants: "a captcha that a person solves",
      };
    }
    return { title: titleOf(component), wants: otherWays(stage) };
  }
  const { title, wants } = unanswerable.get(component) ?? {
    title: titleOf(component),
    wants: "something that this program does not know",
  };
  if (component === "ak-stage-prompt") {
    const labels = waitingFields(stage).map(
      ({ label, field_key, type }) => `"${label || field_key}" (${type})`,
    );
    return { title, wants: `${wants}: ${labels.join(", ")}` };
  }
  if (component === "ak-stage-authenticator-validate") {
    const classes = devices.map(({ device_class }) => device_class).join(", ");
    return { title, wants: classes ? `${wants}: ${classes}` : `${wants}, and the user has none` };
  }
  return { title, wants };
}

/** The ways in of an identification without a field for a name. */
function otherWays({ sources, passwordless_url, passkey_challenge }: Challenge): string {
  const names = sources.map(({ name }) => `"${name}"`).join(", ");
  const hasPasskey = passwordless_url !== "" || passkey_challenge !== null;
  const ways = [
    ...(names ? [`a login at an external source: ${names}`] : []),
    ...(hasPasskey ? ["a passkey"] : []),
  ];
  return ways.join(", or ") || "a login without a name";
}

/**
 * The title for a component: `ak-stage-user-login` is the User Login Stage. Components of later releases also
 * contain their name.
 */
export function titleOf(component: string): string {
  const known = unanswerable.get(component)?.title;
  if (known) return known;
  const words = component
    .replace(/^x?ak-/, "")
    .split("-")
    .filter((word) => word !== "");
  const [kind, ...rest] = words[0] === "stage" ? [...words.slice(1), "stage"] : words;
  return [kind ?? component, ...rest].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}
