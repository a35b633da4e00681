import { redirectUriOf } from "../../components/model/addresses";
import { credentialKeysOf } from "../../config/clusters";
import { clusterName, configSchema } from "../../config/schema";
import type { Terminal } from "./ask";
import { askForTrust } from "./trust";
import { merge, nothing, type Values } from "./values";

/** The commands of docs/your-servers.md; a test compares the two. */
export const tokenCommands = `pveum role add SsoSetup --privs "Realm.Allocate,Realm.AllocateUser,User.Modify,Group.Allocate,Permissions.Modify,Sys.Audit"
pveum role add SsoGrant --privs "Permissions.Modify"
pveum user add pulumi@pve --comment "proxmox-authentik-sso"
pveum acl modify /access --users pulumi@pve --roles SsoSetup
pveum acl modify / --users pulumi@pve --roles SsoGrant
pveum user token add pulumi@pve sso --privsep 0`;

/** Where the values of one Proxmox stand in the config. */
interface Keys {
  readonly addresses: string;
  readonly ca: string;
  readonly fingerprint: string;
  readonly token: string;
}

const firstKeys: Keys = {
  addresses: "proxmoxAddresses",
  ca: "proxmoxCa",
  fingerprint: "proxmoxFingerprint",
  token: "proxmoxToken",
};

export async function askForProxmox(terminal: Terminal, keys = firstKeys): Promise<Values> {
  const list = await terminal.text({
    message: "Every address at which people open this Proxmox, node or cluster, with commas between them?",
    placeholder: "https://pve1.example.com:8006, https://pve2.example.com:8006",
    check: (answer) => addressesIn(answer).map(redirectUriOf),
  });
  const addresses = addressesIn(list);
  const { ca, fingerprint } = await askForTrust(terminal, addresses[0] ?? "");
  terminal.note(tokenCommands, "As root on one node, unless you have a token");
  const token = await terminal.secret({
    message: "The API token, as user@realm!name=value?",
    check: (answer) => {
      const { error } = configSchema.shape.proxmoxToken.safeParse(answer);
      if (error) throw new Error(error.issues[0]?.message);
    },
  });
  return {
    plain: {
      ...Object.fromEntries(addresses.map((address, index) => [`${keys.addresses}[${index}]`, address])),
      ...(ca && { [keys.ca]: ca }),
      ...(fingerprint && { [keys.fingerprint]: fingerprint }),
    },
    secret: { [keys.token]: token },
  };
}

/** Any number of further ones; access and all else they take from the keys at the top. */
export async function askForMoreClusters(terminal: Terminal): Promise<Values> {
  const names: string[] = [];
  let all = nothing;
  while (await terminal.confirm("Is there another Proxmox cluster that shall use this authentik?", false)) {
    const name = await terminal.text({
      message: "A name for it, for the config and for authentik?",
      placeholder: "berlin",
      check: (answer) => {
        const { error } = clusterName.safeParse(answer);
        if (error) throw new Error(`It ${error.issues[0]?.message}.`);
        if (names.includes(answer)) throw new Error("Another one has this name.");
      },
    });
    names.push(name);
    const at = (option: string) => `clusters.${name}.${option}`;
    const keys = {
      addresses: at("addresses"),
      ca: at("ca"),
      fingerprint: at("fingerprint"),
      token: credentialKeysOf(name).tokenKey,
    };
    all = merge(all, await askForProxmox(terminal, keys));
  }
  return all;
}

function addressesIn(list: string): string[] {
  return list
    .split(",")
    .map((address) => address.trim())
    .filter((address) => address !== "");
}
