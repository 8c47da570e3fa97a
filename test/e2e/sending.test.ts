import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SendingSettings } from "../../src/decisions/sending";
import { DEFAULT_SENDING } from "../../src/decisions/sending";
import { launchBrowser } from "../support/browser";
import { openConsole } from "../support/console";
import { Looks } from "../support/looks";
import type { Server } from "../support/server";
import { startServer } from "../support/server";

let browser: Browser;
let server: Server;
let looks: Looks;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  server = await startServer({ tick: 0, at: "2026-11-20T10:00:00Z" });
  looks = new Looks(browser, server.url);
  page = await openConsole(browser, server, "/admin/sending", { locale: "en-GB", javaScriptEnabled: false });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

const set = async (): Promise<SendingSettings> => (await server.api("/api/settings/sending")).json;
const save = () => page.getByRole("button", { name: "Save" }).click();
const hold = async (settings: SendingSettings): Promise<void> => {
  expect((await server.put("/api/settings/sending", settings)).status).toBe(200);
};

describe("the page of sending", () => {
  test("says that the demo shop begins with everything open", async () => {
    await page.getByText("sending windows are open, the zone is UTC.").waitFor();
    await page.getByRole("link", { name: "No frequency caps" }).waitFor();
    expect(await set()).toMatchObject({ caps: [], moment: null, windows: { on: false } });
  });

  test("takes a cap, and shows what the product comes with elsewhere", async () => {
    await page.locator("[name=cap_count]").first().fill("3");
    await page.locator("[name=cap_length]").first().fill("7");
    await page.locator("[name=moment]").fill("2");
    await save();
    await page.getByText("Saved. It holds from now on.").waitFor();
    await page.getByRole("link", { name: "Frequency caps: 1" }).waitFor();
    expect(await set()).toMatchObject({ caps: [{ channel: "email", count: 3, within: "P7D" }], moment: "PT2H" });
    await hold(DEFAULT_SENDING);
    for (const [width, language] of [
      [390, "fr"],
      [1280, "en"],
      [1280, "fr"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${server.url}/admin/sending?lang=${language}`);
      await looks.inspect(page, `sending-${width}-${language}`);
    }
    await page.goto(`${server.url}/admin/sending?lang=en`);
  });

  test("keeps all that the form shows when nothing of it is changed", async () => {
    await save();
    await page.getByText("Saved.").waitFor();
    expect(await set()).toEqual(DEFAULT_SENDING);
  });

  test("refuses what cannot be, with what was typed, in the reader's language", async () => {
    await page.locator("[name=hours_to]").nth(1).fill("23:00");
    await save();
    await page.getByText("France allows no marketing message that rings before 08:00 or after 22:00").waitFor();
    expect(await page.locator("[name=hours_to]").nth(1).inputValue()).toBe("23:00");
    await page.locator("[name=cap_count]").first().fill("many");
    await save();
    await page.getByText("Frequency cap, line 1:").waitFor();
    await page.goto(`${server.url}/admin/sending?lang=fr`);
    await page.locator("[name=hours_from]").nth(1).fill("7h");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await page.getByText("Plage d’envoi FR : n’est pas une heure comme 09:30.").waitFor();
    expect(await set()).toEqual(DEFAULT_SENDING);
  });

  test("is refused by the API with the place in it", async () => {
    const { windows, ...rest } = DEFAULT_SENDING;
    const late = { ...windows, countries: { FR: { ...windows.rest, to: "23:00" } } };
    const refused = await server.put("/api/settings/sending", { ...rest, windows: late });
    expect(refused.status).toBe(422);
    expect(refused.json.errors[0]?.pointer).toBe("/windows/countries/FR");
    const [cap] = DEFAULT_SENDING.caps;
    const wrong = await server.put("/api/settings/sending", {
      ...DEFAULT_SENDING,
      caps: [{ ...cap, within: "P40D" }],
    });
    expect(wrong.status).toBe(400);
    expect(wrong.json.errors[0]?.pointer).toBe("/caps/0/within");
  });
});
