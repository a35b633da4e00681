import { Command, Option } from "commander";
import { products } from "./products";
import { type AccessControlOptions, startAccessControl } from "./server";

interface Flags {
  product: AccessControlOptions["product"];
  port: string;
  data: string;
  trust?: string;
}

const flags = new Command("access-control-simulator")
  .description("A simulator of the access API of Proxmox Backup Server or Datacenter Manager")
  .addOption(
    new Option("--product <product>", "what to behave as")
      .choices(Object.keys(products))
      .makeOptionMandatory(),
  )
  .requiredOption("--port <port>", "port to listen on")
  .requiredOption("--data <folder>", "where state and certificates are kept")
  .option("--trust <path>", "the server's system store: a PEM file or a folder of them")
  .parse()
  .opts<Flags>();

async function main(): Promise<void> {
  // Every user of the machine can see arguments.
  const { LAB_ROOT_PASSWORD: rootPassword, LAB_TOKEN: token } = process.env;
  if (rootPassword === undefined || token === undefined)
    throw new Error("Set LAB_ROOT_PASSWORD and LAB_TOKEN.");
  const { product, port, data: dataFolder, trust } = flags;
  const server = await startAccessControl({
    product,
    port: Number(port),
    dataFolder,
    ...(trust !== undefined && { trust }),
    rootPassword,
    tokens: [token],
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => server.close().then(() => process.exit(0)));
  }
  console.log(`${products[product].name} simulator on ${server.url}`);
}

main().catch((error) => {
  console.error(`The simulator did not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
