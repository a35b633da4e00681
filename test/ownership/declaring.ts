import { groupNames, type StackModel, type StackName } from "./model";
import type { ClusterDeclaration, Declaration } from "./program";
import { calledBy, grants, type Step } from "./steps";

type Of<D extends Step["do"]> = Extract<Step, { do: D }>;
type Clusters = Declaration["clusters"];
type Groups = ClusterDeclaration["groups"];

export function at<T>(items: readonly T[], which: number): T | undefined {
  return items[which % Math.max(1, items.length)];
}

/** Changes the stack's program. Does nothing if the step would declare something invalid. */
export function changeDeclaration(stack: StackModel, step: Step): void {
  const { declared } = stack;
  if (step.do === "own resources") {
    const users = step.users ? [`user-of-${stack.name}`] : [];
    const brands = step.brands ? [`${stack.name}.example`] : [];
    stack.declared = { ...declared, users, brands, hasWebCertificate: step.web && stack.name === "first" };
  } else if (step.do === "use the other authentik") {
    stack.declared = { ...declared, authentik: declared.authentik === "lab" ? "company" : "lab" };
  } else if (step.do === "use the other Proxmox") {
    stack.declared = { ...declared, proxmox: declared.proxmox === "annex" ? "proxmox" : "annex" };
  } else if (step.do === "use the other Backup Server and Datacenter Manager") {
    stack.declared = { ...declared, usesSecond: !declared.usesSecond };
  } else {
    const clusters = clustersAfter(declared.clusters, stack.name, step);
    // Two clusters of one program cannot have the same name.
    const names = Object.values(clusters).map(({ called }) => called);
    if (new Set(names).size === names.length) stack.declared = { ...declared, clusters };
  }
}

function clustersAfter(clusters: Clusters, stack: StackName, step: Step): Clusters {
  const entries = Object.entries(clusters);
  const keyAt = (which: number) => at(entries, which)?.[0];
  const changeOne = (which: number, change: (cluster: ClusterDeclaration) => ClusterDeclaration) =>
    Object.fromEntries(entries.map(([key, one]) => [key, key === keyAt(which) ? change(one) : one]));
  switch (step.do) {
    case "declare a cluster": {
      const known = clusters[step.key] ?? { adopt: false, groups: {} };
      const { called, product } = step;
      return { ...clusters, [step.key]: { ...known, called: calledBy(stack, called), product } };
    }
    case "drop a cluster":
      return Object.fromEntries(entries.filter(([key]) => key !== keyAt(step.key)));
    case "rename a key":
      if (step.to in clusters) return clusters;
      return Object.fromEntries(entries.map(([key, one]) => [key === keyAt(step.key) ? step.to : key, one]));
    case "swap what two are called": {
      const [a, b] = entries;
      if (!a || !b) return clusters;
      const swapped = { [a[0]]: { ...a[1], called: b[1].called }, [b[0]]: { ...b[1], called: a[1].called } };
      return { ...clusters, ...swapped };
    }
    case "adopt or not":
      return changeOne(step.key, (one) => ({ ...one, adopt: !one.adopt }));
    case "what becomes of users":
      return changeOne(step.key, (one) => ({ ...one, usersOnDelete: step.usersOnDelete }));
    case "list members or not":
      return changeOne(step.key, (one) => ({ ...one, members: one.members ? undefined : ["ada", "eve"] }));
    case "configure the client ID or not":
      return changeOne(step.key, (one) => ({ ...one, hasClientId: !one.hasClientId }));
    case "name parts otherwise or not":
      return changeOne(step.key, (one) => ({ ...one, hasOtherNames: !one.hasOtherNames }));
    case "change the username claim":
      return changeOne(step.key, (one) => ({
        ...one,
        usernameClaim: one.usernameClaim ? undefined : "email",
      }));
    case "require all groups or one":
      return changeOne(step.key, (one) => ({ ...one, needsAllGroups: !one.needsAllGroups }));
    case "give a group access":
    case "take a group's access":
    case "rename a group":
      return changeOne(step.key, (one) => ({ ...one, groups: groupsAfter(one.groups, step) }));
    default:
      return clusters;
  }
}

function groupsAfter(
  groups: Groups,
  step: Of<"give a group access"> | Of<"take a group's access"> | Of<"rename a group">,
): Groups {
  if (step.do === "give a group access") {
    // Both would use one group on Proxmox.
    const isTaken = Object.entries(groups).some(([name, { as }]) => name !== step.group && as === step.as);
    const grant = at(grants, step.grant);
    return isTaken || !grant ? groups : { ...groups, [step.group]: { as: step.as, ...grant } };
  }
  const name = at(Object.keys(groups), step.group);
  if (step.do === "take a group's access")
    return Object.fromEntries(Object.entries(groups).filter(([key]) => key !== name));
  if (step.to in groups || !groupNames.some((known) => known === step.to)) return groups;
  return Object.fromEntries(Object.entries(groups).map(([key, one]) => [key === name ? step.to : key, one]));
}
