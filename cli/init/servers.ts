import type { OtherProduct } from "../../providers/accessControl/products";
import { findProxmox, typedIn } from "./address";
import type { Terminal } from "./ask";
import { type AskedOther, askForOther } from "./other-product";
import { type AskedProxmox, askForProxmox } from "./proxmox";
import type { ReachedProxmox } from "./reach";

interface AskedServers {
  /** The first one, which the keys at the top describe, and further clusters. */
  readonly ve: readonly AskedProxmox[];
  readonly others: readonly AskedOther[];
}

/** Asks for the servers. Each one says itself which product it is. */
export async function askForServers(terminal: Terminal, clusters: readonly string[]): Promise<AskedServers> {
  const ve: AskedProxmox[] = [];
  const others: AskedOther[] = [];
  const ask = async (reached: ReachedProxmox, entry: string | undefined) => {
    const { product } = reached;
    if (product === "ve") ve.push(await askForProxmox(terminal, reached, entry));
    else others.push(await askForOther(terminal, product, reached, entry ?? product));
  };
  const answer = await terminal.text({
    flag: "proxmox",
    message:
      "The address of a node of Proxmox? (after a comma: of a Backup Server or a Datacenter Manager, which get the same login)",
    placeholder: "pve1.example.com",
    check: async (typed) => requireDifferent(await allAt(typed), clusters),
  });
  for (const reached of await allAt(answer)) await ask(reached, undefined);
  for (const cluster of clusters) {
    const typed = await terminal.text({
      flag: `proxmox-${cluster}`,
      message: `The address of a node of the Proxmox of "${cluster}"?`,
      placeholder: "pve1.example.com",
      check: (answer) => findProxmox(answer),
    });
    await ask(await findProxmox(typed), cluster);
  }
  return { ve, others };
}

function allAt(answer: string): Promise<ReachedProxmox[]> {
  return Promise.all(typedIn(answer).map((address) => findProxmox(address)));
}

/** One of each product needs no name. */
function requireDifferent(reached: readonly ReachedProxmox[], clusters: readonly string[]): void {
  const products = reached.map(({ product }) => product);
  if (new Set(products).size < products.length) {
    throw new Error(
      "Enter one address of each product: a node of Proxmox VE knows the others of its cluster. Ask for more with --clusters <names>.",
    );
  }
  const taken = products.find((product): product is OtherProduct => clusters.includes(product));
  if (taken) throw new Error(`--clusters has the name "${taken}" already, which this one gets.`);
}
