import type { Check } from "./check";
import { accessByNameCheck } from "./checks/access-by-name";
import { accessInAuthentikCheck } from "./checks/access-in-authentik";
import { accessOnProxmoxCheck } from "./checks/access-on-proxmox";
import { administratorsCheck } from "./checks/administrators";
import { authentikAnswersCheck, proxmoxAnswersCheck } from "./checks/answers";
import { authentikApiCheck } from "./checks/authentik-api";
import { authentikTlsCheck } from "./checks/authentik-tls";
import { authentikTokenCheck, authentikVersionCheck } from "./checks/authentik-token";
import { clocksCheck } from "./checks/clocks";
import { configCheck } from "./checks/config";
import { containerNamesCheck } from "./checks/container-names";
import { containersCheck } from "./checks/containers";
import { datacenterProxyCheck } from "./checks/datacenter-proxy";
import { dockerCheck } from "./checks/docker";
import { groupClaimsCheck } from "./checks/group-claims";
import { interruptedCheck } from "./checks/interrupted";
import { memberNamesCheck } from "./checks/member-names";
import { addressNamesCheck, authentikNameCheck, proxmoxNameCheck } from "./checks/names";
import { nodeCheck } from "./checks/node";
import { nodeViewCheck } from "./checks/node-view";
import { otherPrivilegesCheck, otherTokenCheck } from "./checks/other-token";
import { pluginCheck } from "./checks/plugins";
import { portsCheck } from "./checks/ports";
import { proofUserCheck } from "./checks/proof-user";
import { providerCheck } from "./checks/provider";
import { proxmoxPrivilegesCheck } from "./checks/proxmox-privileges";
import { proxmoxTokenCheck, proxmoxVersionCheck } from "./checks/proxmox-token";
import { pulumiCheck } from "./checks/pulumi";
import { realmCheck } from "./checks/realm";
import { redirectUrisCheck } from "./checks/redirect-uris";
import { servicesCheck } from "./checks/services";
import { signingCertificateCheck } from "./checks/signing-certificate";
import { workersCheck } from "./checks/workers";
import type { Machine } from "./machine";
import type { Cluster, Subject } from "./subject";

// A check may need others of its own table and of the tables above.

export const machineChecks: readonly Check<Machine>[] = [nodeCheck, pulumiCheck, pluginCheck, configCheck];

export const authentikChecks: readonly Check<Subject>[] = [
  interruptedCheck,
  dockerCheck,
  containersCheck,
  servicesCheck,
  portsCheck,
  authentikNameCheck,
  authentikAnswersCheck,
  authentikTlsCheck,
  authentikTokenCheck,
  authentikVersionCheck,
  authentikApiCheck,
  workersCheck,
  containerNamesCheck,
];

export const clusterChecks: readonly Check<Cluster>[] = [
  proxmoxNameCheck,
  addressNamesCheck,
  proxmoxAnswersCheck,
  clocksCheck,
  proxmoxTokenCheck,
  proxmoxVersionCheck,
  proxmoxPrivilegesCheck,
  datacenterProxyCheck,
  realmCheck,
  providerCheck,
  signingCertificateCheck,
  redirectUrisCheck,
  groupClaimsCheck,
  accessInAuthentikCheck,
  administratorsCheck,
  accessOnProxmoxCheck,
  memberNamesCheck,
  nodeViewCheck,
  proofUserCheck,
];

/** The checks of a Backup Server or Datacenter Manager, which have no groups and no claim of them. */
export const otherProductChecks: readonly Check<Cluster>[] = [
  proxmoxNameCheck,
  addressNamesCheck,
  proxmoxAnswersCheck,
  clocksCheck,
  otherTokenCheck,
  otherPrivilegesCheck,
  realmCheck,
  providerCheck,
  signingCertificateCheck,
  redirectUrisCheck,
  accessInAuthentikCheck,
  accessByNameCheck,
  nodeViewCheck,
  proofUserCheck,
];
