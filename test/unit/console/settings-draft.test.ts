import { describe, expect, it } from "vitest";
import { brandDraftOf, brandOf, readBrandDraft } from "../../../src/console/brand-draft";
import { readTrackingDraft, trackingDraftOf, trackingOfDraft } from "../../../src/console/tracking-draft";
import { brandProblem } from "../../../src/console/words/brand";
import { trackingProblem } from "../../../src/console/words/tracking";
import { brandInput, DEFAULT_BRAND } from "../../../src/sends/brand";
import { unreadable } from "../../../src/sends/brand-contrast";
import { TRACKING_DEFAULTS, trackingInput } from "../../../src/tracking/settings";

describe("the form of the brand", () => {
  const own = brandInput.parse({
    logo: "https://shop.test/logo.png",
    logo_width: 120,
    colours: { accent: "#004080", on_accent: "#ffffff" },
    heading_font: "rounded",
    countdown: "https://count.test/?x=1",
  });

  it.each([DEFAULT_BRAND, own])("gives back the brand that it was drawn from", (brand) => {
    const typed = readBrandDraft(new URLSearchParams(brandDraftOf(brand)));
    expect(brandOf(typed)).toEqual({ brand });
  });

  it("takes a colour without its sign, and an empty field as the product comes with it", () => {
    const typed = readBrandDraft(new URLSearchParams({ "colours.accent": "004080", "colours.ink": "", radius: "" }));
    expect(brandOf(typed)).toEqual({ brand: brandInput.parse({ colours: { accent: "#004080" } }) });
  });

  it("names the field of what is wrong, in both languages", () => {
    const typed = readBrandDraft(
      new URLSearchParams({ "night.soft": "grey", logo: "http://shop.test/a.png", radius: "wide" }),
    );
    const read = brandOf(typed);
    const problems = "problems" in read ? read.problems : [];
    expect(problems.map(({ pointer }) => pointer).sort()).toEqual(["/logo", "/night/soft", "/radius"]);
    const said = (language: "en" | "fr") =>
      problems.map(({ pointer, detail }) => brandProblem(pointer, detail, language));
    expect(said("en")).toContain("Small print (by night): is not a colour as in #2a241e.");
    expect(said("fr")).toContain(
      "Adresse du logo, en https : n’est pas une adresse en https.".replace(" :", "\u00a0:"),
    );
  });

  it("says which colours could hardly be read, and on what", () => {
    const [weak] = unreadable(brandInput.parse({ colours: { ink: "#cccccc" } }));
    expect(brandProblem(weak?.pointer ?? "", weak?.detail ?? "", "en")).toMatch(
      /^Text \(by day\): a contrast of 1\.\d on “The letter’s paper”, 4\.5 is needed\.$/,
    );
    expect(brandProblem(weak?.pointer ?? "", weak?.detail ?? "", "fr")).toContain("il faut 4,5");
  });
});

describe("the form of tracking", () => {
  const odd = trackingInput.parse({
    utm: { enabled: false, source: "maison" },
    mid: { enabled: false },
    windows: { email: "P10D", sms: "PT90M", push: "PT36H", wallet: "PT0S", print: "PT90S" },
  });

  it.each([TRACKING_DEFAULTS, odd])("means the settings that it was drawn from", (settings) => {
    const { utm, source, mid, windows } = trackingDraftOf(settings);
    const form = new URLSearchParams({ source, ...(utm && { utm: "on" }), ...(mid && { mid: "on" }) });
    for (const [channel, { count, unit }] of Object.entries(windows)) {
      form.set(`${channel}.count`, count);
      form.set(`${channel}.unit`, unit);
    }
    const read = trackingOfDraft(readTrackingDraft(form));
    expect("settings" in read && read.settings.utm).toEqual(settings.utm);
    expect("settings" in read && read.settings.mid).toEqual(settings.mid);
    // PT0S is written as no hours: the same length.
    expect("settings" in read && trackingDraftOf(read.settings)).toEqual(trackingDraftOf(settings));
  });

  it("names the field of what is wrong, in both languages", () => {
    const form = new URLSearchParams({ source: "a b", "email.count": "five", "email.unit": "days" });
    for (const channel of ["sms", "push", "wallet", "print"]) form.set(`${channel}.count`, "1");
    form.set("sms.count", "91");
    form.set("sms.unit", "days");
    const read = trackingOfDraft(readTrackingDraft(form));
    const problems = "problems" in read ? read.problems : [];
    expect(problems.map(({ pointer, detail }) => trackingProblem(pointer, detail, "en"))).toEqual([
      "Name of the source: takes letters, digits, dots, dashes and underscores, 40 at most.",
      "Window, Email: is not a whole number.",
      "Window, SMS: is longer than 90 days.",
    ]);
    const [, french] = problems.map(({ pointer, detail }) => trackingProblem(pointer, detail, "fr"));
    expect(french).toContain("n’est pas un nombre entier");
  });
});
