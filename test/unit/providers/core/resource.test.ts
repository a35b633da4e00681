import { test } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { type ArgsOf, DefinedResource, type Exactly } from "../../../../providers/core/resource";

const inputs = z.object({ name: z.string(), hidden: z.boolean().optional() });
type Wanted = ArgsOf<typeof inputs>;

interface Whole {
  name: pulumi.Input<string>;
  hidden?: pulumi.Input<boolean | undefined>;
}
interface WithMore extends Whole {
  more?: pulumi.Input<string>;
}
interface WithOneRequired extends Whole {
  hidden: pulumi.Input<boolean>;
}
interface WithAnotherType {
  name: pulumi.Input<string>;
  hidden?: pulumi.Input<string>;
}

abstract class Resource<Args> extends DefinedResource<typeof inputs, Args> {}

test("the compiler compares an interface of arguments with its schema", () => {
  const isWhole: Exactly<Wanted, Whole> | undefined = { name: "x" };
  const lacks: Exactly<Wanted, Pick<Whole, "name">>[] = [];
  const hasMore: Exactly<Wanted, WithMore>[] = [];
  const demands: Exactly<Wanted, WithOneRequired>[] = [];
  const differs: Exactly<Wanted, WithAnotherType>[] = [];
  const nothing: never[][] = [lacks, hasMore, demands, differs];
  void [isWhole, nothing, Resource];
});
