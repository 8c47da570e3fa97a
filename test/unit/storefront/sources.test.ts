import { describe, expect, it } from "vitest";
import { FakePage, FakeWorld } from "./browser";

/** What was told of consents, in order. */
async function told(page: FakePage): Promise<unknown[]> {
  await page.pass(1000);
  return page.world.events.flatMap(({ traits }) => {
    const { consent, consent_source: source } = (traits ?? {}) as Record<string, unknown>;
    return consent ? [[consent, source]] : [];
  });
}

const kept = ({ local }: FakeWorld) => Object.fromEntries(local.items);

/** An entry as gtag makes it: an `arguments` object, which is no array. */
const gtag = (...entry: unknown[]): unknown => Object.assign({ length: entry.length }, entry);

describe("Google's consent mode", () => {
  const SOURCE = "google consent mode";
  const denied = gtag("consent", "default", { analytics_storage: "denied", personalization_storage: "denied" });
  const granted = gtag("consent", "update", { analytics_storage: "granted", personalization_storage: "denied" });

  it("counts what the visitor chose, and no default of the shop's", async () => {
    const world = new FakeWorld();
    expect(await told(new FakePage(world, { platforms: { dataLayer: [denied] } }))).toEqual([]);
    expect(kept(world)).toEqual({});
    const free = gtag("consent", "default", { analytics_storage: "granted" });
    expect(await told(new FakePage(world, { platforms: { dataLayer: [free] } }))).toEqual([]);
  });

  it("is read from before the snippet and after, and told once", async () => {
    const world = new FakeWorld();
    const dataLayer: unknown[] = [denied, granted];
    const page = new FakePage(world, { platforms: { dataLayer } });
    expect(await told(page)).toEqual([[{ tracking: true, profiling: false }, SOURCE]]);
    dataLayer.push(granted);
    dataLayer.push({ event: "purchase" }, null, "text");
    expect(await told(page)).toHaveLength(1);
    dataLayer.push(gtag("consent", "update", { analytics_storage: "denied" }));
    expect((await told(page)).at(-1)).toEqual([{ tracking: false }, SOURCE]);
    expect(kept(world)["relance.tracking"]).toBe("0");
    expect(dataLayer).toHaveLength(7);
  });

  it("is not told again on the next page", async () => {
    const world = new FakeWorld();
    await told(new FakePage(world, { platforms: { dataLayer: [granted] } }));
    expect(await told(new FakePage(world, { platforms: { dataLayer: [granted] } }))).toHaveLength(1);
  });

  it("ends a consent that was given to the snippet itself", async () => {
    const world = new FakeWorld();
    const dataLayer: unknown[] = [];
    const page = new FakePage(world, { platforms: { dataLayer } });
    page.relance.consent({ tracking: true, email: true });
    dataLayer.push(gtag("consent", "update", { analytics_storage: "denied" }));
    expect((await told(page)).at(-1)).toEqual([{ tracking: false }, SOURCE]);
    // Nothing that a banner says is about email.
    const all = world.events.filter(({ traits }) => (traits as { consent_source?: string }).consent_source === SOURCE);
    expect(JSON.stringify(all)).not.toMatch(/"(email|sms|push)":/);
  });
});

interface Tcf {
  readonly eventStatus: string;
  readonly gdprApplies?: boolean;
  readonly purpose: { readonly consents: Readonly<Record<number, boolean>> };
}

describe("IAB TCF", () => {
  /** A platform that tells `state` at once to whoever listens, and what comes after by `say`. */
  function platform(...states: Tcf[]) {
    let hear: (state: Tcf, success: boolean) => void = () => undefined;
    const __tcfapi = (_command: string, _version: number, listener: typeof hear) => {
      hear = listener;
      for (const state of states) listener(state, true);
    };
    return { platforms: { __tcfapi }, say: (state: Tcf, success = true) => hear(state, success) };
  }
  const state = (eventStatus: string, ...ids: number[]): Tcf => {
    return { eventStatus, purpose: { consents: Object.fromEntries(ids.map((id) => [id, true])) } };
  };

  it.each([
    [[1, 3, 4, 5, 6], { tracking: true, profiling: true }],
    [[1], { tracking: true, profiling: false }],
    [[1, 3, 4, 5], { tracking: true, profiling: false }],
    [[3, 4, 5, 6], { tracking: false, profiling: false }],
    [[], { tracking: false, profiling: false }],
  ])("with purposes %j says %j", async (ids, consent) => {
    const { platforms } = platform(state("tcloaded", ...ids));
    expect(await told(new FakePage(new FakeWorld(), { platforms }))).toEqual([[consent, "iab tcf"]]);
  });

  it("says nothing while its banner is open, where it failed, or where the law does not apply", async () => {
    const outside = { ...state("tcloaded", 1), gdprApplies: false };
    const { platforms, say } = platform(state("cmpuishown", 1), outside);
    const page = new FakePage(new FakeWorld(), { platforms });
    say(state("useractioncomplete", 1), false);
    expect(await told(page)).toEqual([]);
    say(state("useractioncomplete", 1));
    expect(await told(page)).toHaveLength(1);
  });

  it("is found where it loads after the snippet", async () => {
    const page = new FakePage(new FakeWorld());
    Object.assign(page.window, platform(state("tcloaded", 1)).platforms);
    await page.pass(1000);
    expect(await told(page)).toHaveLength(1);
  });

  it("saying no counts against another's yes", async () => {
    const { platforms, say } = platform();
    const dataLayer = [gtag("consent", "update", { analytics_storage: "granted" })];
    const page = new FakePage(new FakeWorld(), { platforms: { ...platforms, dataLayer } });
    say(state("useractioncomplete"));
    dataLayer.push(gtag("consent", "update", { analytics_storage: "granted" }));
    expect((await told(page)).at(-1)).toEqual([{ tracking: false, profiling: false }, "iab tcf"]);
  });
});

describe("Shopify's customer privacy", () => {
  it("is loaded, read where it answers, and heard when the visitor chooses", async () => {
    let answers = { analytics: "", preferences: "" };
    const customerPrivacy = { currentVisitorConsent: () => answers };
    const Shopify: Record<string, unknown> = {
      loadFeatures: (_features: unknown, done: () => void) => {
        Shopify["customerPrivacy"] = customerPrivacy;
        done();
      },
    };
    const page = new FakePage(new FakeWorld(), { platforms: { Shopify } });
    expect(await told(page)).toEqual([]);
    answers = { analytics: "yes", preferences: "no" };
    page.leave("visitorConsentCollected");
    expect(await told(page)).toEqual([[{ tracking: true, profiling: false }, "shopify customer privacy"]]);
  });
});

it("a platform that throws keeps neither the page nor the snippet from working", async () => {
  const broken = () => {
    throw new Error("broken");
  };
  const platforms = { __tcfapi: broken, Shopify: { loadFeatures: broken }, dataLayer: 5 };
  const page = new FakePage(new FakeWorld(), { platforms });
  page.relance.track("Viewed");
  await page.pass(1000);
  expect(page.world.events).toHaveLength(1);
});
