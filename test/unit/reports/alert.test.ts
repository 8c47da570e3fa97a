import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Alert, Condition } from "../../../src/reports/alert";
import { transitions } from "../../../src/reports/alert";
import { ALERT_FIELDS, alertInput } from "../../../src/reports/alert-settings";
import { alertCall, alertLetter } from "../../../src/reports/alert-words";
import { DAY, HOUR, MINUTE } from "../../../src/shared/clock";
import { signedHeaders, webhookSecret } from "../../../src/shared/webhook-signature";

const NOW = Date.UTC(2026, 0, 20, 12);
const silent: Condition = { rule: "source-silent", subject: "shopify", facts: { source: "shopify" } };
const lagging: Condition = { rule: "ledger-lag", subject: "", facts: { lag_seconds: 90, side_rows: 2 } };

/** What an operator is told over time, looked at every five minutes, twice at some. */
function told(wrong: (at: number) => readonly Condition[], until: number, twice = false): string[] {
  let open: readonly Alert[] = [];
  const said: string[] = [];
  for (let at = NOW; at <= NOW + until; at += 5 * MINUTE) {
    for (let look = 0; look < (twice ? 2 : 1); look++) {
      for (const { kind, alert } of transitions(wrong(at), open, at)) {
        said.push(`${kind} ${alert.rule} ${(at - NOW) / HOUR}`);
        open = [...open.filter(({ id }) => id !== alert.id), ...(alert.closedAt === null ? [alert] : [])];
      }
    }
  }
  return said;
}

describe("an operator is told", () => {
  test("once when something begins and once when it is over, however often one looks", () => {
    const wrong = (at: number) => (at >= NOW + HOUR && at < NOW + 3 * HOUR ? [silent] : []);
    expect(told(wrong, 6 * HOUR, true)).toEqual(["opened source-silent 1", "closed source-silent 3"]);
  });

  test("again after a day, and for a week at most", () => {
    const said = told(() => [silent], 20 * DAY);
    expect(said.slice(0, 3)).toEqual([
      "opened source-silent 0",
      "reminder source-silent 24",
      "reminder source-silent 48",
    ]);
    expect(said).toHaveLength(8);
  });

  test("of each thing for itself", () => {
    const wrong = (at: number) => [silent, ...(at < NOW + HOUR ? [lagging] : [])];
    expect(told(wrong, 2 * HOUR)).toEqual(["opened source-silent 0", "opened ledger-lag 0", "closed ledger-lag 1"]);
  });

  test("by as many words of an end as of a beginning, whatever comes and goes", () => {
    fc.assert(
      fc.property(fc.array(fc.subarray([silent, lagging]), { maxLength: 40 }), (wrong) => {
        const said = told((at) => wrong[Math.floor((at - NOW) / HOUR)] ?? [], wrong.length * HOUR + HOUR);
        const count = (kind: string) => said.filter((line) => line.startsWith(kind)).length;
        expect(count("opened")).toBe(count("closed"));
      }),
    );
  });
});

const alert: Alert = { ...silent, id: "alr_1", openedAt: NOW, closedAt: null, saidAt: NOW, reminders: 0 };
const sender = { shop: "Maison <Lumen>\r\nBcc: x@example.com", consoleUrl: "https://relance.example/admin/sources" };

describe("a letter", () => {
  test.each(["en", "fr"] as const)("in %s tells what is wrong, and its subject is one line", (language) => {
    const letter = alertLetter({ kind: "opened", alert }, sender, language);
    expect(letter.subject).not.toMatch(/\p{Cc}/u);
    expect(letter.subject).toContain("Shopify");
    expect(letter.html).not.toContain("<Lumen>");
    expect(letter.text).toContain(sender.consoleUrl);
  });
});

describe("F10 a header of the shop's own", () => {
  const withHeader = (name: string, value: string) =>
    alertInput.safeParse({ webhook: { url: "https://hooks.example/a", headers: { [name]: value } } }).success;

  test("may carry a token", () => expect(withHeader("X-Token", "abc 123")).toBe(true));

  test.each([
    ["X-Token", "a\r\nHost: evil.example"],
    ["X-Token", "a\nb"],
    ["X-Token", "a\u0000b"],
    ["X-Token", "é"],
    ["X-Token\r\nHost", "a"],
    ["X Token", "a"],
    ["", "a"],
    ["Host", "evil.example"],
    ["Content-Length", "0"],
    ["webhook-signature", "v1,forged"],
    ["Transfer-Encoding", "chunked"],
  ])("%j: %j is refused at save", (name, value) => expect(withHeader(name, value)).toBe(false));
});

describe("F11 what a webhook tells", () => {
  const facts = { ...alert.facts, last_event_at: "2026-01-20T11:00:00.000Z" };

  test("is what it is about, and fields of a closed list", () => {
    const body = JSON.parse(alertCall({ kind: "opened", alert: { ...alert, facts } }, sender, ALERT_FIELDS, NOW));
    expect(Object.keys(body).sort()).toEqual(["data", "timestamp", "type"]);
    const about = ["id", "rule", "subject", "opened_at", "closed_at"];
    for (const field of Object.keys(body.data)) expect([...about, ...ALERT_FIELDS]).toContain(field);
  });

  test("is no more than was chosen", () => {
    const body = JSON.parse(alertCall({ kind: "opened", alert: { ...alert, facts } }, sender, ["source"], NOW));
    expect(body.data).toEqual({
      id: "alr_1",
      rule: "source-silent",
      subject: "shopify",
      opened_at: new Date(NOW).toISOString(),
      closed_at: null,
      source: "shopify",
    });
  });

  test.each([["webhook_secret"], ["contact"], ["{{ secret }}"], ["__proto__"]])("%s cannot be asked for", (field) => {
    expect(alertInput.safeParse({ webhook: { url: "https://hooks.example/a", fields: [field] } }).success).toBe(false);
  });
});

describe("F12 a call of ours", () => {
  const call = { id: "ntc_1", timestamp: 1_768_910_400, body: '{"type":"alert.test"}' };

  test("is signed over id, time and body, after Standard Webhooks", () => {
    const secret = webhookSecret("a key of the deployment", "one");
    const { "webhook-signature": signature, ...rest } = signedHeaders(secret, call);
    expect(rest).toEqual({ "webhook-id": "ntc_1", "webhook-timestamp": "1768910400" });
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    expect(key).toHaveLength(32);
    expect(signature).toBe(`v1,${createHmac("sha256", key).update(`ntc_1.1768910400.${call.body}`).digest("base64")}`);
  });

  test("matches the example of the specification", () => {
    const example = {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: 1_614_265_330,
      body: '{"test": 2432232314}',
    };
    const headers = signedHeaders("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", example);
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test.each([
    ["another id", { id: "ntc_2" }],
    ["another time", { timestamp: 1_768_910_401 }],
    ["another body", { body: '{"type":"alert.opened"}' }],
  ])("with %s has another signature, so a copy cannot be passed off as new", (_, change) => {
    const secret = webhookSecret("a key of the deployment", "one");
    expect(signedHeaders(secret, { ...call, ...change })["webhook-signature"]).not.toBe(
      signedHeaders(secret, call)["webhook-signature"],
    );
  });
});
