import { expect, it } from "vitest";
import { mailboxesToSpare, mailboxOf, mailboxSql } from "../../../src/decisions/mailbox";
import { DatabaseFile } from "../../sim/database";

const LIMITS = { complaints: 0.003, bounces: 0.05, least: 200 };

it("knows who runs several domains, in SQL as in words", () => {
  const file = DatabaseFile.d1();
  for (const [domain, mailbox] of [
    ["orange.fr", "orange"],
    ["wanadoo.fr", "orange"],
    ["gmail.com", "gmail"],
    ["shop.test", "shop.test"],
  ] as const) {
    expect(mailboxOf(`ann@${domain.toUpperCase()}`)).toBe(mailbox);
    expect(file.all(`SELECT ${mailboxSql("?1")} AS mailbox`, [domain])).toEqual([{ mailbox }]);
  }
});

it("spares a mailbox provider from nine tenths of what it bears, and no other (Appendix B 31)", () => {
  const orange = { mailbox: "orange", sent: 1_000, complaints: 0, bounces: 0 };
  const gmail = { ...orange, mailbox: "gmail", complaints: 2 };
  const spared = (change: Partial<typeof orange>) => mailboxesToSpare([{ ...orange, ...change }, gmail], LIMITS);
  expect(spared({ complaints: 3 })).toEqual(["orange"]);
  expect(spared({ complaints: 2 })).toEqual([]);
  expect(spared({ bounces: 45 })).toEqual(["orange"]);
  expect(spared({ bounces: 44 })).toEqual([]);
  expect(spared({ sent: 199, complaints: 50 })).toEqual([]);
});
