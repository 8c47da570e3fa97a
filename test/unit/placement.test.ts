import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { placed } from "../../src/platform/placement";

/** A namespace as production has it: the local runtime knows no jurisdictions. */
function namespace(kind = "anywhere"): DurableObjectNamespace {
  return {
    idFromName: (name: string) => ({ name, kind }),
    jurisdiction: (wanted: string) => namespace(wanted),
  } as unknown as DurableObjectNamespace;
}

describe("the place of objects (J08)", () => {
  test("ids are of the EU where it is wanted, and of anywhere where nothing is", () => {
    expect(placed(namespace(), "eu").idFromName("shard-1")).toEqual({ name: "shard-1", kind: "eu" });
    expect(placed(namespace(), "").idFromName("shard-1")).toEqual({ name: "shard-1", kind: "anywhere" });
  });

  test("a deployment wants the EU, for its objects and its archive", () => {
    const { vars, r2_buckets: buckets } = unstable_readConfig({ config: "wrangler.toml" }, { hideWarnings: true });
    expect(vars["OBJECT_JURISDICTION"]).toBe("eu");
    const deploy = readFileSync("scripts/deploy.mjs", "utf8");
    expect(deploy).toContain(`"${String(buckets[0]?.bucket_name)}"`);
    expect(deploy.match(/"--jurisdiction", "eu"/g)).toHaveLength(2);
    expect((buckets as { jurisdiction?: string }[]).map(({ jurisdiction }) => jurisdiction)).toEqual(["eu"]);
  });
});
