import * as pulumi from "@pulumi/pulumi";
import type { MockResourceResult } from "@pulumi/pulumi/runtime/mocks";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";

/** The engine's data about one resource. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly isCustom: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly retainOnDelete: boolean;
  readonly deletedWith: string;
  /** URNs of the resource in earlier versions of the program. */
  readonly aliases: readonly string[];
  readonly dependencies: readonly string[];
  /** The URNs from which each input comes. */
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
}

/** The part of the engine's protocol that these tests read. */
interface Request {
  getParent(): string;
  getType(): string;
  getName(): string;
  getCustom(): boolean;
  getDeletebeforereplace(): boolean;
  getRetainondelete(): boolean;
  getDeletedwith(): string;
  getAliasesList(): { getUrn(): string; getSpec(): { getName(): string } | undefined }[];
  getDependenciesList(): string[];
  getPropertydependenciesMap(): {
    forEach(visit: (value: { getUrnsList(): string[] }, key: string) => void): void;
  };
}

type Register = (registration: Registration) => Promise<MockResourceResult>;
type Callback = (error: unknown, response: unknown) => void;

interface MockMonitor {
  registerResource(request: Request, callback: Callback): Promise<void>;
}

/** Pulumi's mocks show a resource's inputs only. This one also shows its options. */
export class Monitor {
  #request: Request | undefined;

  constructor(
    private readonly project: string,
    private readonly stack: string,
    private readonly register: Register,
    /** The stack's own state, as the engine shows it to a program. */
    private readonly recorded: () => Record<string, { outputs: Record<string, unknown> }>,
  ) {}

  /** From now on, receives the resources of the program that runs. */
  async listen(): Promise<void> {
    const newResource = ({ inputs }: pulumi.runtime.MockResourceArgs) => {
      if (this.#request === undefined) throw new Error("A resource was made without a request.");
      return this.register(this.#registration(this.#request, inputs));
    };
    await pulumi.runtime.setMocks(
      { newResource, call: () => ({ outputs: this.recorded() }) },
      this.project,
      this.stack,
      false,
      "organization",
    );
    const monitor: MockMonitor = Object(getMonitor());
    const registerResource = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      // The mock is called synchronously.
      this.#request = request;
      return registerResource(request, callback);
    };
  }

  #registration(request: Request, inputs: Record<string, unknown>): Registration {
    const [type, name] = [request.getType(), request.getName()];
    const inputDependencies: Record<string, string[]> = {};
    request.getPropertydependenciesMap().forEach((value, key) => {
      inputDependencies[key] = value.getUrnsList();
    });
    const urn = this.#urn(request, name);
    return {
      urn,
      type,
      name,
      inputs,
      isCustom: request.getCustom(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete(),
      deletedWith: request.getDeletedwith(),
      aliases: request
        .getAliasesList()
        .map((alias) => alias.getUrn() || this.#urn(request, alias.getSpec()?.getName() || name)),
      dependencies: request.getDependenciesList(),
      inputDependencies,
    };
  }

  /** As in Pulumi's mocks. */
  #urn(request: Request, name: string): string {
    const parentType = request.getParent().split("::")[2]?.split("$").pop();
    const type = parentType ? `${parentType}$${request.getType()}` : request.getType();
    return `urn:pulumi:${this.stack}::${this.project}::${type}::${name}`;
  }
}
