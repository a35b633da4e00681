import { RefusedError as RefusedByOther } from "../../accessControl/errors";
import { RefusedError as RefusedByAuthentik } from "../../authentik/errors";
import { messageOf, NotFoundError, RejectedError } from "../../core/errors";
import { RefusedError as RefusedByProxmox } from "../../proxmox/errors";

/** Why no complete login was possible, as the end of a sentence. */
export class NoOwnLogin extends Error {}

export async function unlessRefused<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof RefusedByProxmox) {
      throw new NoOwnLogin(
        "the API token of Proxmox may not make and remove users (User.Modify on /access/groups and Realm.AllocateUser on the realm)",
      );
    }
    if (error instanceof RefusedByOther) {
      throw new NoOwnLogin(`the API token may not make and remove users (${error.needs})`);
    }
    if (error instanceof RefusedByAuthentik || error instanceof NotFoundError) {
      throw new NoOwnLogin(
        "the API token of authentik may not make and remove users (docs/commands.md, `npm run credentials`, says how a service account gets this right)",
      );
    }
    if (error instanceof RejectedError) throw new NoOwnLogin(messageOf(error));
    throw error;
  }
}
