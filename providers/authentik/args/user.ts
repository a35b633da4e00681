// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { AuthentikConnectionArgs } from "./connection";

/** Arguments of `User`. A user of authentik. */
export interface UserArgs {
  /** The connection to authentik. */
  authentik: pulumi.Input<AuthentikConnectionArgs>;

  /**
   * Login name of the user, unique in authentik.
   * Text, at most 150 characters.
   */
  username: pulumi.Input<string>;

  /**
   * The name that other people see.
   * @default empty
   */
  name?: pulumi.Input<string | undefined>;

  /**
   * E-mail address, also the claim `email`. Error: *must be an e-mail address*.
   * @default empty
   */
  email?: pulumi.Input<string | undefined>;

  /**
   * Whether the user may log in.
   * @default `true`
   */
  isActive?: pulumi.Input<boolean | undefined>;

  /**
   * `external` users see only one application; `service_account` is for programs.
   * @default `internal`
   */
  type?: pulumi.Input<"internal" | "external" | "service_account" | undefined>;

  /**
   * Folder under which users are listed.
   * @default `users`
   */
  path?: pulumi.Input<string | undefined>;

  /**
   * Attributes, any JSON. Attributes that are not listed here stay unchanged.
   * @default `{}`
   */
  attributes?: pulumi.Input<{ [key: string]: pulumi.Input<unknown> } | undefined>;

  /**
   * Ids (`pk`) of the user's groups. Without this option, they stay unchanged.
   * List: UUID.
   */
  groups?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Ids of the user's roles. Without this option, they stay unchanged.
   * List: UUID.
   * @since authentik 2025.12
   */
  roles?: pulumi.Input<pulumi.Input<string>[] | undefined>;

  /**
   * Set when the user is created, and when you change it here. A password that the user sets later stays.
   * Text; secret.
   */
  initialPassword?: pulumi.Input<string | undefined>;

  /**
   * Random value that is in the state before the first write. It proves that an existing object belongs to
   * the stack.
   */
  ownershipMark?: pulumi.Input<string | undefined>;

  /**
   * Take over a user who exists already. The password stays.
   * @default `false`
   */
  adopt?: pulumi.Input<boolean | undefined>;
}
