import type { AxiosError, AxiosInstance, AxiosResponse } from "axios";
import { SharedList } from "../core/sharedList";
import { createHttp } from "../http/client";
import { answerOf, isAxiosError, notTheApi } from "../http/failures";
import type { RetryRules } from "../http/retries";
import type { TrustOptions } from "../http/tls";
import { isProxmoxJson } from "./errors";
import type { Parameters } from "./options";
import { isAnotherProduct, otherProduct } from "./products";
import { authenticate, type CredentialForm, type ProxmoxCredential, userOf } from "./session";

export interface ProxmoxAccess extends TrustOptions {
  readonly url: string;
  readonly credential: ProxmoxCredential;
}

/** How a product differs in its requests and answers. */
interface Dialect {
  readonly product: string;
  readonly credentialForm: CredentialForm;
  readonly retryRules: RetryRules;
  /** Whether it sometimes refuses a credential that it has accepted before. It then has done nothing. */
  readonly forgetsCredentials?: boolean;
  /** Whether a list in a parameter becomes one text with commas, or one field for each item. */
  readonly listsAreTexts: boolean;
  /** The server's own error text. Undefined if the answer is not from the product. */
  wordOf(response: AxiosResponse<unknown>): string | undefined;
  explain(error: unknown, credential: ProxmoxCredential): Error;
}

interface Answer<Data> {
  readonly data: Data;
  readonly digest?: string;
}

type Write = "post" | "put" | "delete";

interface CallOptions {
  readonly parameters?: Parameters | undefined;
  /** Whether the server also answers without a credential. */
  readonly isPublic?: boolean;
}

/** What the access APIs of all products of Proxmox have in common. Every failure becomes a `UserError`. */
export abstract class AccessApi<User extends { readonly userid: string }, AclEntry> {
  protected readonly credential: ProxmoxCredential;
  protected readonly userList: SharedList<User>;
  protected readonly aclList = new SharedList(() => this.get<AclEntry[]>("access/acl"));
  readonly #http: AxiosInstance;
  readonly #url: string;
  readonly #dialect: Dialect;
  /** Whether the server has accepted the credential in this process. */
  #isAccepted = false;

  constructor({ url, credential, caCertificate, fingerprint }: ProxmoxAccess, dialect: Dialect) {
    const { retryRules, credentialForm } = dialect;
    this.#url = url;
    this.#dialect = dialect;
    this.credential = credential;
    this.userList = new SharedList(() => this.listUsers());
    this.#http = createHttp({
      baseUrl: url,
      headers: {},
      caCertificate,
      fingerprint,
      ...retryRules,
      isRefusedForNow: (error) => !!retryRules.isRefusedForNow?.(error) || this.#isForgotten(error),
    });
    authenticate(this.#http, credential, credentialForm);
  }

  protected abstract listUsers(): Promise<User[]>;

  /** The user (`name@realm`) of the requests. */
  get actingUser(): string {
    return userOf(this.credential, this.#dialect.credentialForm);
  }

  /** The users that the credential can see. Without permissions, the list is empty or has only its own user. */
  users(): Promise<readonly User[]> {
    return this.userList.items();
  }

  /** The ids (`name@realm`) of the users that the credential can see. */
  async userIds(): Promise<string[]> {
    return (await this.users()).map(({ userid }) => userid);
  }

  createUser(userid: string, parameters: Parameters): Promise<void> {
    return this.userList.changedBy(this.send("post", "access/users", { userid, ...parameters }));
  }

  updateUser(userid: string, parameters: Parameters): Promise<void> {
    return this.userList.changedBy(this.send("put", object("access/users", userid), parameters));
  }

  /** Also deletes the user's tokens. */
  deleteUser(userid: string): Promise<void> {
    const removal = this.send("delete", object("access/users", userid));
    return this.userList.changedBy(this.aclList.changedBy(removal));
  }

  /** The permissions that the credential can see. Without permissions, at most those of its own tokens. */
  acl(): Promise<readonly AclEntry[]> {
    return this.aclList.items();
  }

  protected async get<Data>(path: string): Promise<Data> {
    return (await this.call<Data>("get", path)).data;
  }

  protected async send(method: Write, path: string, parameters?: Parameters): Promise<void> {
    await this.call(method, path, { parameters });
  }

  protected async call<Data>(
    method: "get" | Write,
    path: string,
    { parameters, isPublic = false }: CallOptions = {},
  ): Promise<Answer<Data>> {
    try {
      const data = parameters && this.#form(parameters);
      const response = await this.#http.request<Answer<Data>>({ method, url: `/api2/json/${path}`, data });
      if (!isProxmoxJson(response.data)) throw notTheApi(response, "Proxmox");
      if (!isPublic) this.#isAccepted = true;
      return response.data;
    } catch (error) {
      throw await this.#explained(error);
    }
  }

  #form(parameters: Parameters): URLSearchParams {
    const fields = new URLSearchParams();
    for (const [key, value] of Object.entries(parameters)) {
      const items = value === undefined ? [] : [value].flat();
      const texts = items.map((item) => String(typeof item === "boolean" ? Number(item) : item));
      if (!this.#dialect.listsAreTexts) for (const text of texts) fields.append(key, text);
      else if (texts.length > 0) fields.set(key, texts.join(","));
    }
    return fields;
  }

  #isForgotten({ response }: AxiosError): boolean {
    const { forgetsCredentials, wordOf } = this.#dialect;
    if (!forgetsCredentials || !this.#isAccepted) return false;
    return response?.status === 401 && wordOf(response) !== undefined;
  }

  /** A server that never accepted the credential may be another product. The refusal alone does not show that. */
  async #explained(error: unknown): Promise<Error> {
    const { product, wordOf, explain } = this.#dialect;
    const response = isAxiosError(error) ? answerOf(error) : undefined;
    const isForeign = response !== undefined && (response.status === 401 || wordOf(response) === undefined);
    const other = isForeign && !this.#isAccepted ? await otherProduct(this.#http, product) : undefined;
    return other === undefined
      ? explain(error, this.credential)
      : isAnotherProduct(other, this.#url, product);
  }
}

/** The path of an object of a collection. */
export function object(collection: string, id: string): string {
  return `${collection}/${encodeURIComponent(id)}`;
}
