import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { clusterNodesDefinition } from "../../providers/proxmox/clusterNodes";
import { Life } from "./life";
import { ProxmoxSimulator, providerOf } from "./simulators";

const proxmox = new ProxmoxSimulator("9.2");

suite("the nodes of a cluster", () => {
  async function nodesBy(address: string): Promise<Life> {
    const life = new Life(await providerOf(clusterNodesDefinition));
    await life.create({ proxmox: proxmox.connection, address });
    return life;
  }

  test("have an address each, by name or by IP", async () => {
    proxmox.node.members = [
      { name: "pve1", ip: "192.0.2.1" },
      { name: "pve2", ip: "2001:db8::2" },
    ];
    const byName = await nodesBy("https://{node}.Example.com:8006");
    assert.deepEqual(byName.state.addresses, [
      "https://pve1.example.com:8006",
      "https://pve2.example.com:8006",
    ]);
    const byIp = await nodesBy("https://{ip}");
    assert.deepEqual(byIp.state.addresses, ["https://192.0.2.1", "https://[2001:db8::2]"]);
  });

  test("that join are found by a refresh, which reports them; one that is offline keeps its address", async (context) => {
    const said: string[] = [];
    context.mock.method(console, "log", (line: string) => said.push(line));
    proxmox.node.members = [{ name: "pve1", ip: "192.0.2.1" }];
    const life = await nodesBy("https://{ip}:8006");
    proxmox.node.members = [{ name: "pve1" }, { name: "pve2", ip: "192.0.2.2" }];
    await life.refresh();
    assert.deepEqual(life.state.addresses, ["https://192.0.2.1:8006", "https://192.0.2.2:8006"]);
    proxmox.node.members = [{ name: "pve2", ip: "192.0.2.2" }];
    await life.refresh();
    await life.refresh();
    assert.deepEqual(life.state.addresses, ["https://192.0.2.2:8006"]);
    assert.deepEqual(said, [
      "New in the cluster: pve2. The next up adds them.",
      "Gone from the cluster: pve1. The next up removes them.",
    ]);
  });

  test("that are offline at first are named until a refresh finds them again", async (context) => {
    const said: string[] = [];
    context.mock.method(console, "log", (line: string) => said.push(line));
    proxmox.node.members = [{ name: "pve1", ip: "192.0.2.1" }, { name: "pve2" }];
    const life = await nodesBy("https://{ip}:8006");
    assert.deepEqual(life.state.nodes, { pve1: "https://192.0.2.1:8006" });
    await life.refresh();
    const offline = /offline: pve2\. .*run pulumi refresh and pulumi up with the node online\.$/;
    assert.equal(said.filter((line) => offline.test(line)).length, 2, said.join("\n"));
    proxmox.node.members = [
      { name: "pve1", ip: "192.0.2.1" },
      { name: "pve2", ip: "192.0.2.2" },
    ];
    await life.refresh();
    assert.deepEqual(life.state.addresses, ["https://192.0.2.1:8006", "https://192.0.2.2:8006"]);
    assert.equal(said.length, 3);
    await nodesBy("https://{node}:8006");
    assert.equal(said.length, 3, "a name is known of a node that is offline too");
  });

  for (const address of [
    "https://pve.example.com:8006",
    "http://{node}:8006",
    "https://{node}:8006/ui",
    "{node}",
  ]) {
    test(`cannot have the address ${address}`, async () => {
      const provider = await providerOf(clusterNodesDefinition);
      const { failures } = await provider.check({}, { proxmox: proxmox.connection, address });
      assert.match(
        failures?.[0]?.reason ?? "",
        /must be an https address without a path that has \{node\} or \{ip\}/,
      );
    });
  }
});
