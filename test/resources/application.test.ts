import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import { serviceAccountToken } from "../../cli/credentials/service-account";
import { CURRENT, RELEASED } from "../../lab/authentik/profile";
import { applicationDefinition } from "../../providers/authentik/application";
import { AuthentikClient } from "../../providers/authentik/client";
import { Life } from "./life";
import { AuthentikSimulator, authentikToken, type Properties, providerOf } from "./simulators";
import { testEachInput } from "./table";

for (const profile of [CURRENT, RELEASED, "2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile !== "2025.10";
  const isReleased = profile === RELEASED || profile === CURRENT;
  const made: Record<string, unknown> = {};
  const path = "core/applications/ours/";
  const patch = (fields: Properties | (() => Properties)) => () =>
    authentik.call("PATCH", path, typeof fields === "function" ? fields() : fields);
  const otherIcon = isNew
    ? patch({ meta_icon: "fa://fa-server" })
    : () => authentik.call("POST", `${path}set_icon_url/`, { url: "fa://fa-server" });

  testEachInput({
    title: `Application on authentik ${profile}`,
    definition: applicationDefinition,
    base: () => ({ authentik: authentik.connection, name: "Proxmox VE", slug: "ours" }),
    async prepare() {
      const flow = await authentik.find("flows/instances/?slug=default-authentication-flow");
      for (const name of ["first", "second"]) {
        const { pk } = await authentik.call("POST", "providers/oauth2/", {
          name,
          authorization_flow: flow.pk,
          invalidation_flow: flow.pk,
          redirect_uris: [],
        });
        made[name] = pk;
      }
    },
    onServer: ({ slug }) => authentik.call("GET", `core/applications/${slug}/`),
    inputs: {
      authentik: {
        to: () => ({ ...authentik.connection, url: `${authentik.running.httpUrl}/` }),
        onlyHere: true,
      },
      name: { to: "PVE", drift: patch({ name: "x" }) },
      slug: { to: "ours-2", drift: patch({ slug: "moved" }) },
      provider: { to: () => made.first, drift: patch(() => ({ provider: made.second })) },
      backchannelProviders: {
        to: () => [made.second, made.first],
        drift: patch(() => ({ backchannel_providers: [made.second] })),
      },
      launchUrl: {
        to: "https://pve.example.com:8006",
        drift: patch({ meta_launch_url: "https://x.example" }),
      },
      openInNewTab: { to: true, drift: patch({ open_in_new_tab: true }) },
      description: { to: "Virtual machines", drift: patch({ meta_description: "x" }) },
      publisher: { to: "Proxmox", drift: patch({ meta_publisher: "x" }) },
      icon: { to: "https://pve.example.com/logo.png", drift: otherIcon },
      group: { to: "Infrastructure", drift: patch({ group: "x" }) },
      policyEngineMode: { to: "all", drift: patch({ policy_engine_mode: "all" }) },
      // It is compared if the state has it.
      clientId: { to: "id", shows: "nothing" },
      providerProvesOwnership: { to: true, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
      ...(isReleased && { hide: { to: true, drift: patch({ meta_hide: true }) } }),
    },
    lacking: isReleased ? {} : { hide: { to: true, version: "2026.5" } },
  });

  test(`an application of authentik ${profile} stays if another stack has adopted it with its provider`, async (context) => {
    const log = context.mock.method(console, "log", () => {});
    const { pk: provider, client_id: clientId } = await authentik.call(
      "GET",
      `providers/oauth2/${made.first}/`,
    );
    const given = {
      authentik: authentik.connection,
      name: "Proxmox VE",
      slug: "adopted",
      provider,
      clientId,
      providerProvesOwnership: true,
    };
    const life = new Life(await providerOf(applicationDefinition));
    await life.create(given);
    await authentik.call("PATCH", `providers/oauth2/${provider}/`, { client_id: "of-the-other-stack" });
    await life.delete();
    assert.match(String(log.mock.calls[0]?.arguments[0]), /"adopted" stays: somebody else has taken it over/);
    assert.equal((await authentik.call("GET", "core/applications/adopted/")).provider, provider);
    await life.update({ ...given, clientId: "of-the-other-stack" });
    await life.delete();
    await assert.rejects(authentik.call("GET", "core/applications/adopted/"));
  });

  test(`a slug of 51 characters on authentik ${profile}`, async () => {
    const life = new Life(await providerOf(applicationDefinition));
    const given = { authentik: authentik.connection, name: "Proxmox VE", slug: "s".repeat(51) };
    if (!isNew) {
      await assert.rejects(
        life.create(given),
        /`slug` needs authentik 2025\.12 or later.*Nothing was written/,
      );
      return;
    }
    await life.create(given);
    await life.refresh();
    assert.equal(await life.preview(given), "nothing");
    await life.delete();
  });
}

suite("an icon in the storage of authentik 2025.10, which returns its public address", () => {
  const authentik = new AuthentikSimulator("2025.10");

  test("is not drift, and another icon is", async () => {
    const given = { authentik: authentik.connection, name: "PVE", slug: "pve", icon: "icons/pve.png" };
    const life = new Life(await providerOf(applicationDefinition));
    await life.create(given);
    const { meta_icon } = await authentik.call("GET", "core/applications/pve/");
    assert.equal(meta_icon, "/media/public/icons/pve.png");
    await life.refresh();
    assert.equal(await life.preview(given), "nothing");
    assert.equal(await life.preview({ ...given, icon: "icons/other.png" }), "update");
  });
});

suite("authentik 2025.10 that loses its redis while it runs", () => {
  const authentik = new AuthentikSimulator("2025.10");

  test("crashes after it has created the application, which the program then finds and keeps", async () => {
    const flow = await authentik.find("flows/instances/?slug=default-authentication-flow");
    const { pk: provider } = await authentik.call("POST", "providers/oauth2/", {
      name: "PVE",
      authorization_flow: flow.pk,
      invalidation_flow: flow.pk,
      redirect_uris: [],
    });
    const given = { authentik: authentik.connection, name: "PVE", slug: "pve", provider };
    const life = new Life(await providerOf(applicationDefinition));
    authentik.running.redis.isUp = false;
    await assert.rejects(life.create(given), /exists already and was not made by this stack/);
    await life.create({ ...given, providerProvesOwnership: true });
    const { results } = await authentik.call("GET", "core/applications/?superuser_full_list=true");
    assert.ok(Array.isArray(results) && results.length === 1);
  });
});

for (const profile of ["2026.5", "2025.10"]) {
  suite(`applications of authentik ${profile}, read by a service account, which gets an outdated list of its applications`, () => {
    const authentik = new AuthentikSimulator(profile);
    const lives: Life[] = [];
    const given: Properties[] = [];

    before(async () => {
      const admin = new AuthentikClient({
        url: authentik.running.httpUrl,
        token: authentikToken,
        tokenConfigKey: "",
      });
      const token = await serviceAccountToken(admin, "service-account");
      const provider = await providerOf(applicationDefinition, { authentikToken: token });
      const flow = await authentik.find("flows/instances/?slug=default-authentication-flow");
      for (const slug of ["first", "second"]) {
        const { pk } = await authentik.call("POST", "providers/oauth2/", {
          name: slug,
          authorization_flow: flow.pk,
          invalidation_flow: flow.pk,
          redirect_uris: [],
        });
        const life = new Life(provider);
        given.push({ authentik: authentik.connection, name: slug, slug, provider: pk });
        await life.create(given.at(-1) ?? {});
        lives.push(life);
      }
    });

    const names = async () =>
      (await Promise.all(lives.map((life) => life.refresh()))).map(({ name }) => name);

    test("show their drift, at the same time", async () => {
      assert.deepEqual(await names(), ["first", "second"]);
      await authentik.call("PATCH", "core/applications/second/", { name: "changed" });
      // After its own write, the program uses no earlier read.
      await lives[0]?.update({ ...given[0], description: "x" });
      assert.deepEqual(await names(), ["first", "changed"]);
    });

    test("are found under a changed slug, whatever bindings others have added", async () => {
      const { pk: target } = await authentik.call("PATCH", "core/applications/second/", { slug: "moved" });
      const { pk: group } = await authentik.find("core/groups/?name=authentik+Admins");
      await authentik.call("POST", "policies/bindings/", { target, group, order: 0 });
      assert.equal((await lives[1]?.refresh())?.slug, "moved");
    });
  });
}
