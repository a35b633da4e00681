import { listOf } from "../../lab";
import type { Document } from "../../store/store";
import { challenge } from "../challenge";
import type { StageView } from "./stage";

export const ask: StageView = async ({ lab, flow, stage, request, answer }) => {
  const chosen = listOf(stage, "fields");
  const fields = (await lab.store.list("prompt"))
    .filter(({ pk }) => chosen.includes(pk ?? null))
    .sort((a, b) => Number(a.order) - Number(b.order));
  const problems = Object.fromEntries(
    fields.flatMap((field) => {
      const key = String(field.field_key);
      const problem = answer && problemWith(field, answer[key]);
      return problem ? [[key, [problem]]] : [];
    }),
  );
  const isWrong = Object.keys(problems).length > 0;
  if (answer && !isWrong) return "passed";
  return challenge(flow, request, {
    component: "ak-stage-prompt",
    ...(isWrong && { response_errors: problems }),
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

/** How authentik refuses an empty text for each type (rest_framework.fields, not recorded). */
const REFUSED_IF_EMPTY: Record<string, string> = {
  checkbox: "Must be a valid boolean.",
  number: "A valid integer is required.",
  date: "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.",
  "date-time": "Datetime has wrong format.",
};

function problemWith(field: Document, value: unknown): Document | undefined {
  const type = String(field.type);
  if (["static", "separator"].includes(type)) return undefined;
  if (value === "" && REFUSED_IF_EMPTY[type]) return { string: REFUSED_IF_EMPTY[type], code: "invalid" };
  const isGiven = type === "checkbox" ? value === true : typeof value === "string" && value !== "";
  return field.required !== true || isGiven
    ? undefined
    : { string: "This field is required.", code: "required" };
}
