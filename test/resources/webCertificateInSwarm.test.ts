import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { certificateAt } from "../../cli/system/certificate-at";
import { startAuthentik } from "../../lab/authentik/start";
import { MemoryStore } from "../../lab/authentik/store/memory";
import { webCertificateDefinition } from "../../providers/authentik/webCertificate";
import { fingerprintOf, issueCertificate } from "../../providers/pki/certificate";
import { startManager } from "../tools/swarm-manager";
import { Life } from "./life";
import { AuthentikSimulator, providerOf } from "./simulators";

const lateSeconds = 1;
const store = new MemoryStore();
/** The server that the address leads to, and another one with the same database, which looks later. */
const first = new AuthentikSimulator("2026.5", { store, tlsTickSeconds: 0.05 });

const node = (ID: string, Addr: string) => ({
  ID,
  Description: { Hostname: ID },
  Status: { State: "ready", Addr },
});
const image = { ContainerSpec: { Image: "image" } };
// The manager knows no address of itself. Nothing answers at the last one.
const nodes = [node("a", "0.0.0.0"), node("b", "127.0.0.2"), node("c", "127.0.0.3")];
const answers: Record<string, unknown> = {
  "/nodes": nodes,
  "/tasks": nodes.map(({ ID }) => ({
    ID,
    NodeID: ID,
    DesiredState: "running",
    Spec: image,
    Status: { State: "running", Timestamp: "" },
  })),
  "/services/sso-server": { Spec: { TaskTemplate: image, Mode: { Replicated: { Replicas: 3 } } } },
};

suite("WebCertificate in a swarm", () => {
  test("waits until each server serves it that this machine reaches", async (context) => {
    const socket = await startManager(context, answers);
    const port = Number(new URL(first.running.httpsUrl).port);
    const late = await startAuthentik({
      profile: "2026.5",
      store,
      host: "127.0.0.2",
      httpsPort: port,
      tlsTickSeconds: lateSeconds,
    });
    context.after(() => late.close());
    const { certificate, privateKey } = await issueCertificate({
      commonName: "first",
      subjectAltNames: ["127.0.0.1"],
      validityDays: 10,
      keySize: 2048,
    });
    const pair = { name: "first", certificate_data: certificate, key_data: privateKey };
    const { pk, fingerprint_sha256 } = await first.call("POST", "crypto/certificatekeypairs/", pair);
    const life = new Life(await providerOf(webCertificateDefinition));
    await life.create({
      authentik: first.connection,
      certificate: pk,
      fingerprint: fingerprint_sha256,
      servedAt: first.running.httpsUrl,
      servers: { docker: { host: `unix://${socket}` }, service: "sso-server", port },
    });
    assert.equal(fingerprintOf((await certificateAt(late.httpsUrl)).raw), fingerprint_sha256);
    await life.delete();
  });
});
