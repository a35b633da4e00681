// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Application`. An application of authentik: what a user sees and may open, in front of a
 * provider.
 */
export interface ApplicationArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** What users see. Not unique. */
  name: pulumi.Input<string>;

  /**
   * Part of the issuer, `…/application/o/<slug>/`, and of every URL of the application. Unique; authentik
   * keeps some words for itself, and before 2025.12 takes at most 50 characters. Refused otherwise: *may have
   * only letters, digits, `-` and `_`*.
   */
  slug: pulumi.Input<string>;

  /** Id (`pk`) of the provider behind it. A provider belongs to one application. */
  provider?: pulumi.Input<number | undefined>;

  /**
   * Ids (`pk`) of further providers that serve it behind the scenes, such as SCIM and LDAP.
   * List: whole number.
   * @default `[]`
   */
  backchannelProviders?: pulumi.Input<pulumi.Input<number>[] | undefined>;

  /**
   * Where a click on the application leads; derived from the redirect URIs when empty.
   * @default empty
   */
  launchUrl?: pulumi.Input<string | undefined>;

  /**
   * Whether that opens a new tab of the browser.
   * @default `false`
   */
  openInNewTab?: pulumi.Input<boolean | undefined>;

  /**
   * Text below the name in the users' list.
   * @default empty
   */
  description?: pulumi.Input<string | undefined>;

  /**
   * Who offers the application, shown in the users' list.
   * @default empty
   */
  publisher?: pulumi.Input<string | undefined>;

  /**
   * Heading under which the application is listed.
   * @default empty
   */
  group?: pulumi.Input<string | undefined>;

  /** URL, path in authentik's storage, or `fa://` name. */
  icon?: pulumi.Input<string | undefined>;

  /**
   * Leave it out of the users' list.
   * @since authentik 2026.5
   */
  hide?: pulumi.Input<boolean | undefined>;

  /**
   * Whether any or all bindings must pass.
   * @default `any`
   */
  policyEngineMode?: pulumi.Input<"any" | "all" | undefined>;

  /**
   * Whether its provider proves that an application found in place is ours: we made the provider.
   * @default `false`
   */
  providerProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Bring an application that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
