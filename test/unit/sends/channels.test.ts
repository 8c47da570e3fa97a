import { describe, expect, it } from "vitest";
import { CHANNELS, openChannels } from "../../../src/sends/channels";
import type { InboxMessage } from "../../../src/sends/channels/inbox";
import { messageOf } from "./outgoing";

describe("the catalog of channels", () => {
  it.each(Object.entries(CHANNELS))("describes %s by an example that its settings accept", (_, channel) => {
    expect(channel.settings.parse(channel.example)).toEqual(channel.example);
    expect(channel.title.length * channel.description.length * channel.icon.length).toBeGreaterThan(0);
  });

  it("puts the messages of every channel into the inbox with nothing configured", async () => {
    const kept: InboxMessage[] = [];
    const channels = openChannels({ RESEND_API_KEY: "", RESEND_BASE_URL: "" }, async (message) => {
      kept.push(message);
    });
    for (const [key, channel] of Object.entries(channels)) {
      expect(channel.key).toBe(key);
      const outcome = await channel.send(messageOf({ id: `send_${key}` }));
      expect(outcome).toEqual({ state: "accepted", providerId: `inbox_send_${key}` });
    }
    expect(kept.map(({ id, channel }) => [id, channel])).toEqual(
      Object.keys(CHANNELS).map((key) => [`send_${key}`, key]),
    );
  });

  it("gives email to Resend as soon as there is a key, and leaves the others in the inbox", async () => {
    const kept: string[] = [];
    const settings = { RESEND_API_KEY: "re_test", RESEND_BASE_URL: "http://127.0.0.1:1" };
    const channels = openChannels(settings, async ({ channel }) => void kept.push(channel));
    expect(await channels.email.send(messageOf())).toEqual({ state: "retry", reason: "network", afterMs: null });
    await channels.sms.send(messageOf());
    expect(kept).toEqual(["sms"]);
  });

  it("keeps messages waiting where there is neither provider nor inbox", async () => {
    const { sms } = openChannels({}, null);
    expect(await sms.send(messageOf())).toMatchObject({ state: "retry", reason: "channel_not_configured" });
  });

  it("refuses a base address that is none", () => {
    expect(() => openChannels({ RESEND_API_KEY: "re_x", RESEND_BASE_URL: "nowhere" }, null)).toThrow(/URL/i);
  });

  it("asks again when the inbox cannot be written", async () => {
    const { email } = openChannels({}, () => Promise.reject(new Error("full")));
    expect(await email.send(messageOf())).toMatchObject({ state: "retry", reason: "inbox_unavailable" });
  });
});
