// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `Brand`. The appearance of authentik under a host name, and its flows and certificate. */
export interface BrandArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /** The host name of the brand. It includes the names below. Unique in authentik. */
  domain: pulumi.Input<string>;

  /** Whether the brand applies to every other host name. Only one brand can. */
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

  /** Slug or id of the flow for a login. */
  authenticationFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow for a logout. */
  invalidationFlow?: pulumi.Input<string | undefined>;

  /**
   * Slug or id of the flow for users who have forgotten their password. Without one, the login page has no
   * such link.
   */
  recoveryFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow for deleting an account. */
  unenrollmentFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow for users' settings. */
  userSettingsFlow?: pulumi.Input<string | undefined>;

  /** Slug or id of the flow for the code of a device. */
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
   * Id (`pk`) of the application that external users are redirected to.
   * UUID.
   */
  defaultApplication?: pulumi.Input<string | undefined>;

  /**
   * Id (`pk`) of the certificate to serve. Omit it if a `WebCertificate` sets it.
   * UUID.
   */
  webCertificate?: pulumi.Input<string | undefined>;

  /**
   * Ids (`pk`) of the certificates that verify clients' certificates.
   * List: UUID.
   * @since authentik 2025.4
   */
  clientCertificates?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Attributes, any JSON. Attributes that are not listed here stay unchanged.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * Random value that is in the state before the first write. It proves that an existing object belongs to
   * the stack.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a brand that exists already.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
