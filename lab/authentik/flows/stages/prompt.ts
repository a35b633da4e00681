import { listOf } from "../../lab";
import type { Document } from "../../store/store";
import { challenge } from "../challenge";
import type { StageView } from "./stage";

export const ask: StageView = async ({ lab, flow, stage, request, answer }) => {
  const chosen = listOf(stage, "fields");
  const fields = (await lab.store.list("prompt"))
    .filter(({ pk }) => chosen.includes(pk ?? null))
    .sort((a, b) => Number(a.order) - Number(b.order));
  const missing = fields.filter((field) => answer && !isGiven(field, answer[String(field.field_key)]));
  if (answer && missing.length === 0) return "passed";
  return challenge(flow, request, {
    component: "ak-stage-prompt",
    ...(missing.length > 0 && {
      response_errors: Object.fromEntries(
        missing.map(({ field_key }) => [
          String(field_key),
          [{ string: "This field is required.", code: "required" }],
        ]),
      ),
    }),
    fields: fields.map((field) => ({
      field_key: field.field_key ?? null,
      label: field.label ?? null,
      type: field.type ?? null,
      required: field.required === true,
      placeholder: field.placeholder ?? "",
      initial_value: field.initial_value ?? "",
      order: field.order ?? 0,
      sub_text: field.sub_text ?? "",
      choices: null,
    })),
  });
};

function isGiven({ required, type }: Document, value: unknown): boolean {
  if (required !== true || ["static", "separator"].includes(String(type))) return true;
  return type === "checkbox" ? value === true : typeof value === "string" && value !== "";
}
