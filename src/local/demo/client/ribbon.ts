import { fill } from "../texts";
import { byId, whileBusy } from "./dom";
import { eventsSent, post, shop } from "./shop";

const HIDDEN = "demo.ribbon";
const { texts } = shop;

function showClock(now: unknown): void {
  const at = new Date(now as string | number);
  const time = new Intl.DateTimeFormat(shop.language, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });
  const inbox = document.createElement("a");
  inbox.href = "/dev/inbox";
  inbox.id = "clock-inbox";
  inbox.textContent = texts.openInbox;
  const text = Number.isNaN(at.getTime()) ? "" : `${fill(texts.clockMoved, { time: `${time.format(at)} UTC` })} `;
  byId("clock-status").replaceChildren(text, inbox);
}

/** What the visitor did so far goes out first: it must not arrive after the time that it happened at. */
async function advance(duration: string): Promise<void> {
  byId("clock-status").textContent = texts.clockMoving;
  await eventsSent();
  const { now } = (await post("/dev/clock", { advance: duration })) as { now?: unknown };
  showClock(now);
}

export function startRibbon(): void {
  const ribbon = byId("ribbon");
  const opener = byId<HTMLButtonElement>("ribbon-open");
  const show = (hidden: boolean) => {
    ribbon.hidden = hidden;
    opener.hidden = !hidden;
  };
  show(sessionStorage.getItem(HIDDEN) === "1");
  byId("ribbon-close").addEventListener("click", () => {
    sessionStorage.setItem(HIDDEN, "1");
    show(true);
    byId("main").focus();
  });
  opener.addEventListener("click", () => {
    sessionStorage.removeItem(HIDDEN);
    show(false);
    ribbon.querySelector("button")?.focus();
  });
  const steps = Array.from(ribbon.querySelectorAll<HTMLButtonElement>("[data-advance]"));
  for (const button of steps) {
    button.addEventListener("click", () => {
      void whileBusy(
        steps,
        () => advance(button.dataset.advance ?? ""),
        () => {
          byId("clock-status").textContent = texts.clockFailed;
        },
      );
    });
  }
}
