// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `User`. A user of authentik. */
export interface UserArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Unique in authentik.
   * Text, at most 150 characters.
   */
  username: pulumi.Input<string>;

  /**
   * What others see.
   * @default empty
   */
  name?: pulumi.Input<string | undefined>;

  /**
   * Where authentik writes to, and the claim `email`. Refused otherwise: *must be an e-mail address*.
   * @default empty
   */
  email?: pulumi.Input<string | undefined>;

  /**
   * Whether the user may log in.
   * @default `true`
   */
  isActive?: pulumi.Input<boolean | undefined>;

  /**
   * `external` users see only what they are sent to; `service_account` is for programs.
   * @default `internal`
   */
  type?: pulumi.Input<"internal" | "external" | "service_account" | undefined>;

  /**
   * Folder under which users are listed.
   * @default `users`
   */
  path?: pulumi.Input<string | undefined>;

  /**
   * Attributes, any JSON. Those that are not named here are left to others.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * Ids (`pk`) of the groups that the user is in. Not given, they are left to others.
   * List: UUID.
   */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Ids of the roles that the user has. Not given, they are left to others.
   * List: UUID.
   * @since authentik 2025.12
   */
  roles?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Set when the user is made, and when it is changed here; what the user makes of it later stays.
   * Text; secret.
   */
  initialPassword?: pulumi.Input<string | undefined>;

  /**
   * A random value that is in the state before the first write: it proves that an object found in place is
   * ours.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Bring a user who exists already under this stack; the password stays.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
