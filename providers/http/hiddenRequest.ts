import type { AxiosInstance } from "axios";
import { isAxiosError } from "./failures";

const hidden = ["config", "request", "response"] as const;

/**
 * Node prints all properties of an error that nobody catches, and of a cause. Those of axios have the token and the
 * bodies of both sides.
 */
export function hideRequests(http: AxiosInstance): void {
  http.interceptors.response.use(undefined, (error: unknown) => {
    if (isAxiosError(error)) {
      const { name, message, code, status } = error;
      const shown = () => ({ name, message, code, status });
      for (const property of hidden) Object.defineProperty(error, property, { enumerable: false });
      Object.defineProperty(error, "toJSON", { value: shown, configurable: true });
    }
    return Promise.reject(error);
  });
}
