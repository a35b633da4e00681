import { isDocument, listOf } from "../../lab";
import { jsonReply } from "../../server/reply";
import type { Document } from "../../store/store";
import { challenge, refused } from "../challenge";
import { denial } from "./redirect";
import { pendingUser, type StageView, shownUser } from "./stage";

/** A user attribute that simulates devices. authentik's API cannot enrol a device for another user. */
const DEVICES = "lab/second-factors";

export const validateAuthenticator: StageView = async (call) => {
  const { stage, flow, request, answer } = call;
  const user = await pendingUser(call);
  const devices = devicesOf(user).filter((device) => listOf(stage, "device_classes").includes(device));
  if (devices.length === 0 && stage.not_configured_action === "skip") return "passed";
  if (devices.length === 0 && stage.not_configured_action === "deny")
    return jsonReply(200, denial(call, user));
  return challenge(flow, request, {
    component: "ak-stage-authenticator-validate",
    ...(answer && refused("code", "Invalid Token. Please ensure the time on your device is accurate.")),
    ...shownUser(user),
    device_challenges: devices.map((device_class) => ({
      device_class,
      device_uid: "1",
      challenge: {},
      last_used: null,
    })),
    configuration_stages: [],
  });
};

function devicesOf(user: Document | undefined): string[] {
  const attributes = user?.attributes;
  const devices = isDocument(attributes) ? attributes[DEVICES] : undefined;
  return Array.isArray(devices) ? devices.map(String) : [];
}
