import { ApiError, BareError } from "../errors";
import { behaviourSince, isSince, type Profile } from "../versions";

/** `json` for programs, `extjs` for the web interface, where every answer has status 200. */
export type Format = "json" | "extjs";

export interface Answer {
  status: number;
  reason: string;
  contentType?: string;
  body: string;
  isLate: boolean;
}

const contentType = "application/json;charset=UTF-8";

export function answerSuccess(format: Format, data: unknown): Answer {
  const body = format === "extjs" ? { data, success: 1 } : { data };
  return { status: 200, reason: "OK", contentType, body: JSON.stringify(body), isLate: false };
}

export function answerError(profile: Profile, format: Format, error: unknown): Answer {
  const hasMessage = isSince(profile, behaviourSince.errorMessageInBody);
  if (error instanceof BareError) {
    const { status, reason, afterDelay } = error;
    const body = hasMessage ? error.body : "";
    return { status, reason: asReason(reason), body, isLate: afterDelay };
  }
  if (!(error instanceof ApiError)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`The Proxmox VE simulator failed: ${message}`);
    return { status: 500, reason: "simulator failure, see its standard error", body: "", isLate: false };
  }
  const { status, message, errors, reason } = error;
  const body = {
    data: null,
    ...(hasMessage || format === "extjs" ? { message } : {}),
    ...(errors === undefined ? {} : { errors }),
  };
  if (format === "extjs") {
    const wrapped = JSON.stringify({ ...body, status, success: 0 });
    return { status: 200, reason: "OK", contentType, body: wrapped, isLate: error.afterDelay };
  }
  return {
    status,
    reason: asReason(reason),
    contentType,
    body: JSON.stringify(body),
    isLate: error.afterDelay,
  };
}

/** A reason phrase consists of bytes. Text outside Latin-1 is sent as UTF-8. */
function asReason(reason: string): string {
  const hasWideCharacters = [...reason].some((character) => character > "ÿ");
  const bytes = hasWideCharacters ? Buffer.from(reason).toString("latin1") : reason;
  return bytes.replace(/[^\t\x20-\x7e\x80-\xff]/g, " ");
}
