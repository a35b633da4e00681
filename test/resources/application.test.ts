import { applicationDefinition } from "../../providers/authentik/application";
import { AuthentikSimulator, type Properties } from "./simulators";
import { type InputCase, testEachInput } from "./table";

for (const profile of ["2026.5", "2025.10"]) {
  const authentik = new AuthentikSimulator(profile);
  const isNew = profile === "2026.5";
  const made: Record<string, unknown> = {};
  const path = "core/applications/ours/";
  const patch = (fields: Properties | (() => Properties)) => () =>
    authentik.call("PATCH", path, typeof fields === "function" ? fields() : fields);
  const onlyNew: Record<string, InputCase> = {
    icon: { to: "https://pve.example.com/logo.png", drift: patch({ meta_icon: "fa://fa-server" }) },
  };

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
      group: { to: "Infrastructure", drift: patch({ group: "x" }) },
      policyEngineMode: { to: "all", drift: patch({ policy_engine_mode: "all" }) },
      providerProvesOwnership: { to: true, onlyHere: true },
      adopt: { to: true, shows: "nothing" },
      ...(isNew && onlyNew),
    },
    lacking: {
      hide: { to: true, version: "2026.5" },
      ...(!isNew && { icon: { to: "https://pve.example.com/logo.png", version: "2025.12" } }),
    },
  });
}
