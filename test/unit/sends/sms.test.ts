import { describe, expect, it } from "vitest";
import { renderMessage } from "../../../src/sends/render";
import { economical, measureSms } from "../../../src/sends/sms";
import { linksOf, people, shop, smsOf, unsubscribe } from "./samples";

describe("measuring an SMS", () => {
  it("counts 160 and then 153 places in GSM-7, where some characters take two", () => {
    expect(measureSms("a".repeat(160))).toEqual({ encoding: "GSM-7", units: 160, segments: 1 });
    expect(measureSms("a".repeat(161)).segments).toBe(2);
    expect(measureSms("a".repeat(306)).segments).toBe(2);
    expect(measureSms("a".repeat(307)).segments).toBe(3);
    expect(measureSms("€".repeat(80)).units).toBe(160);
  });

  it("counts 70 and then 67 in UCS-2", () => {
    expect(measureSms("ê".repeat(70))).toEqual({ encoding: "UCS-2", units: 70, segments: 1 });
    expect(measureSms("ê".repeat(71)).segments).toBe(2);
    expect(measureSms("💡").units).toBe(2);
  });
});

describe("sparing segments", () => {
  it("writes typographic marks plainly", () => {
    expect(economical("l’été «\u00a0cœur\u00a0» – “a”…")).toBe('l\'été " coeur " - "a"...');
  });

  it("takes accents off only where that brings the message into GSM-7", () => {
    expect(economical("Benoît fête Noël à la forêt")).toBe("Benoit fete Noel à la foret");
    expect(economical("Анна fête Noël")).toBe("Анна fête Noël");
  });
});

describe("SMS messages", () => {
  const english = people.typical("en");

  it("strip tags, wrap links and say STOP in the contact's language", () => {
    const content = smsOf("<b>Hello</b> {{ contact.first_name }}<br>see {{ cart.url }}.");
    const { text, links, headers } = renderMessage(content, english, linksOf(), shop);
    expect(text).toBe(`Hello Camillesee https://go.maison-lumen.test/c/tok0.\nSTOP: ${unsubscribe}`);
    expect(links).toEqual(["https://maison-lumen.test/cart?id=1&from=mail"]);
    expect(headers).toEqual({});
    const french = renderMessage(content, people.typical("fr"), linksOf(), shop);
    expect(french.text).toContain(`\nSTOP SMS : ${unsubscribe}`);
  });

  it("do not escape, and lose a name's markup", () => {
    const data = { ...english, contact: { first_name: "D'Arcy & <b onclick=x>Co</b>", last_name: null } };
    expect(renderMessage(smsOf("Hi {{ contact.first_name }}"), data, linksOf(), shop).text).toMatch(
      /^Hi D'Arcy & Co\n/,
    );
  });

  it("carry no STOP where they are transactional", () => {
    const content = smsOf("Your parcel is here", { class: "transactional" });
    expect(renderMessage(content, english, linksOf(), shop).text).toBe("Your parcel is here");
  });

  it("are refused beyond three segments", () => {
    const long = (text: string) => () => renderMessage(smsOf(text), english, linksOf(), shop);
    expect(long("a".repeat(350))).not.toThrow();
    expect(long("a".repeat(400))).toThrow(expect.objectContaining({ reason: "sms_too_long" }));
    expect(long("д".repeat(150))).toThrow(expect.objectContaining({ reason: "sms_too_long" }));
    expect(long("<p> </p>")).toThrow(expect.objectContaining({ reason: "body_empty" }));
  });
});
