import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyDefinition } from "../../providers/core/definition";
import { openIdRealmDefinition } from "../../providers/proxmox/openIdRealm";
import { userDefinition } from "../../providers/proxmox/user";
import { Life } from "./life";
import { type Properties, ProxmoxSimulator, providerOf } from "./simulators";

const proxmox = new ProxmoxSimulator("9.2");

async function made(definition: AnyDefinition, given: Properties): Promise<Life> {
  const life = new Life(await providerOf(definition));
  await life.create({ proxmox: proxmox.connection, ...given });
  return life;
}

test("neither the user nor the realm of the program's own token is deleted", async () => {
  const issuerUrl = "https://auth.example.com/application/o/own/";
  const given = { realm: "own", issuerUrl, clientId: "own", clientKey: "a secret of the realm" };
  const realm = await made(openIdRealmDefinition, { ...given, usersOnDelete: "remove" });
  const user = await made(userDefinition, { userId: "robot@own" });
  await proxmox.call("PUT", "/access/acl", { path: "/", roles: "Administrator", users: "robot@own" });
  const proxmoxToken = await proxmox.tokenOf("robot@own");

  const realmByRobot = realm.by(await providerOf(openIdRealmDefinition, { proxmoxToken }));
  await assert.rejects(
    realmByRobot.delete(),
    /belongs to one of its users.*a token of a user in another realm/,
  );
  const userByRobot = user.by(await providerOf(userDefinition, { proxmoxToken }));
  await assert.rejects(userByRobot.delete(), /this stack's own token belongs to it/);
  assert.equal((await proxmox.call("GET", "/access/domains/own")).type, "openid");
  await proxmox.call("GET", "/access/users/robot@own");

  await realm.delete();
});
