import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { scopeMappingDefinition } from "../../providers/authentik/scopeMapping";
import { Life } from "./life";
import { AuthentikSimulator, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

const mark = "0123456789abcdef";
const expression = `# ${mark}\nreturn {"proxmox_groups": [group.name for group in request.user.all_groups()]}`;

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const path = "propertymappings/provider/scope/";
  const current = () => authentik.find(`${path}?name=ours`);
  const patch = (fields: Properties) => async () => {
    await authentik.call("PATCH", `${path}${(await current()).pk}/`, fields);
  };
  const base = () => ({ authentik: authentik.connection, name: "ours", scopeName: "proxmox", expression });

  testEachInput({
    title: `ScopeMapping on authentik ${profile}`,
    definition: scopeMappingDefinition,
    base,
    foundBy: ["name"],
    onServer: ({ pk }) => authentik.call("GET", `${path}${pk}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      name: { to: "ours, renamed", drift: patch({ name: "x" }) },
      scopeName: { to: "proxmox_groups", drift: patch({ scope_name: "x" }) },
      expression: { to: '\n  return {"a": 1}\n', drift: patch({ expression: "return {}" }) },
      description: { to: "Groups in Proxmox", drift: patch({ description: "x" }) },
      ownershipMark: { to: mark, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
    },
  });

  suite(`ScopeMapping on authentik ${profile}, with an existing one`, () => {
    async function over(stored: string, action: (life: Life, pk: unknown) => Promise<void>): Promise<void> {
      const fields = { name: "ours", scope_name: "theirs", expression: stored };
      const { pk } = await authentik.call("POST", path, fields);
      try {
        await action(new Life(await providerOf(scopeMappingDefinition)), pk);
      } finally {
        await authentik.call("DELETE", `${path}${pk}/`);
      }
    }

    test("is refused, also if the mark belongs to another stack", () =>
      over("# another mark\nreturn {}", async (life) => {
        const message = /A scope mapping "ours" exists already and was not made by this stack/;
        await assert.rejects(life.create(base()), { name: "UserError", message });
        await assert.rejects(life.create({ ...base(), ownershipMark: mark }), { name: "UserError", message });
        assert.equal((await current()).scope_name, "theirs");
      }));

    for (const [how, stored, given] of [
      ["continues with the mapping of its own interrupted run", expression, { ownershipMark: mark }],
      ["adopts it", "return {}", { adopt: true }],
    ] as const) {
      test(how, () =>
        over(stored, async (life, pk) => {
          await life.create({ ...base(), ...given });
          assert.equal(life.state.pk, pk);
          const { scope_name, expression: now } = await current();
          assert.deepEqual({ scope_name, now }, { scope_name: "proxmox", now: expression });
        }),
      );
    }
  });
}
