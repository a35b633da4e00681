// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/**
 * Arguments of `Brand`. What authentik looks like, and which flows and certificate it uses, under a host
 * name.
 */
export interface BrandArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** The host name for which it counts, and those below it. Unique in authentik. */
  domain: pulumi.Input<string>;

  /** Whether it counts for every other host name. Only one brand can. */
  default?: pulumi.Input<boolean | undefined>;

  /** Title of its pages. */
  title?: pulumi.Input<string | undefined>;

  /** URL of the logo, or its path in authentik's storage. */
  logo?: pulumi.Input<string | undefined>;

  /** URL of the icon of the browser's tab, or its path in authentik's storage. */
  favicon?: pulumi.Input<string | undefined>;

  /**
   * CSS for authentik's own pages.
   * @since authentik 2025.2
   */
  customCss?: pulumi.Input<string | undefined>;

  /**
   * URL of the picture behind login pages, or its path in authentik's storage.
   * @since authentik 2025.2
   */
  flowBackground?: pulumi.Input<string | undefined>;

  /**
   * URL template of the tiles of the map of events.
   * @since authentik 2026.8
   */
  mapTiles?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow in which users log in. */
  authenticationFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow in which they log out. */
  invalidationFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow for users who have forgotten their password; without one the login page offers
   * none.
   */
  recoveryFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow in which users delete their account. */
  unenrollmentFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow in which users change their settings. */
  userSettingsFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow in which the code of a device is entered. */
  deviceCodeFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow that locks an account.
   * @since authentik 2026.5
   */
  lockdownFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow that the API calls `flow_request`.
   * @since authentik 2026.8
   */
  requestFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow for changing to another account.
   * @since authentik 2026.8
   */
  userSwitchFlow?: pulumi.Input<string | undefined>;

  /**
   * Id (`pk`) of the application to which external users are sent.
   * UUID.
   */
  defaultApplication?: pulumi.Input<string | undefined>;

  /**
   * Id (`pk`) of the certificate to serve. Leave it out where a `WebCertificate` sets it.
   * UUID.
   */
  webCertificate?: pulumi.Input<string | undefined>;

  /**
   * Ids (`pk`) of the certificates that clients' certificates are checked against.
   * List: UUID.
   * @since authentik 2025.4
   */
  clientCertificates?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Attributes, any JSON. Those that are not named here are left to others.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * A random value that is in the state before the first write: it proves that an object found in place is
   * ours.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Bring a brand that exists already under this stack.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
