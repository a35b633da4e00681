// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Application`. An application of authentik: the entry that users see and open, with its
 * provider.
 */
export interface ApplicationArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** The name that users see. Not unique. */
  name: pulumi.Input<string>;

  /**
   * Part of the issuer, `…/application/o/<slug>/`, and of every URL of the application. Unique. authentik
   * reserves some words, and allows at most 50 characters before 2025.12. Error: *may have only letters,
   * digits, `-` and `_`*.
   */
  slug: pulumi.Input<string>;

  /** Id (`pk`) of its provider. A provider belongs to one application. */
  provider?: pulumi.Input<number | undefined>;

  /**
   * Ids (`pk`) of additional backchannel providers, such as SCIM and LDAP.
   * List: whole number.
   * @default `[]`
   */
  backchannelProviders?: pulumi.Input<pulumi.Input<number>[] | undefined>;

  /**
   * Target of a click on the application. If empty, authentik derives it from the redirect URIs.
   * @default empty
   */
  launchUrl?: pulumi.Input<string | undefined>;

  /**
   * Whether the click opens a new tab.
   * @default `false`
   */
  openInNewTab?: pulumi.Input<boolean | undefined>;

  /**
   * Text below the name in the users' list.
   * @default empty
   */
  description?: pulumi.Input<string | undefined>;

  /**
   * Publisher of the application, shown in the users' list.
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
   * Hide it from the users' list.
   * @since authentik 2026.5
   */
  hide?: pulumi.Input<boolean | undefined>;

  /**
   * Whether any or all bindings must pass.
   * @default `any`
   */
  policyEngineMode?: pulumi.Input<"any" | "all" | undefined>;

  /**
   * Client ID of its provider. With another one, another stack has taken the application over, and a delete
   * leaves it there.
   */
  clientId?: pulumi.Input<string | undefined>;

  /**
   * Whether its provider proves that an existing application belongs to the stack.
   * @default `false`
   */
  providerProvesOwnership?: pulumi.Input<boolean | undefined>;

  /**
   * Take over an application that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
