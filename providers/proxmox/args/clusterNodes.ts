// Written by `npm run reference` from the resource's inputs and their comments: change them, not this file.
import type * as pulumi from "@pulumi/pulumi";
import type { ProxmoxConnectionArgs } from "./connection";

/** Arguments of `ClusterNodes`. The nodes that a cluster reports. A refresh finds nodes that join later. */
export interface ClusterNodesArgs {
  /** The connection to Proxmox VE. */
  proxmox: pulumi.Input<ProxmoxConnectionArgs>;

  /**
   * Address of a node, with `{node}` for its name or `{ip}` for its address:
   * `https://{node}.example.com:8006`. Error: *must be an https address without a path that has {node} or
   * {ip}, e.g. https://{node}.example.com:8006*.
   */
  address: pulumi.Input<string>;
}
