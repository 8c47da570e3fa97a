import { fill } from "../texts";
import { byId, fieldsOf, whileBusy } from "./dom";
import { showPrivacy } from "./footer";
import { profile, remember, shop, signIn } from "./shop";

const { texts } = shop;
const PURPOSES = ["email", "sms", "tracking"] as const;

function report(text: string, wrong = false): void {
  const status = byId("signup-status");
  status.textContent = text;
  status.classList.toggle("status-wrong", wrong);
}

/** A field that is wrong says so itself, takes the focus, and is named by the browser to a screen reader. */
function complain(field: HTMLInputElement, text: string): void {
  report(text, true);
  field.setAttribute("aria-invalid", "true");
  field.focus();
}

function isComplete(form: HTMLFormElement, email: HTMLInputElement, phone: HTMLInputElement): boolean {
  for (const field of [email, phone]) field.removeAttribute("aria-invalid");
  if (!email.checkValidity()) {
    complain(email, email.validationMessage);
    return false;
  }
  if (fieldsOf(form).consent_sms && !phone.value.trim()) {
    complain(phone, texts.phoneMissing);
    return false;
  }
  return true;
}

/**
 * Only ticked boxes are sent. An empty one is no withdrawal: someone who agreed last month and saves a cart
 * today has not changed their mind.
 */
async function save(form: HTMLFormElement): Promise<void> {
  const fields = fieldsOf(form);
  const email = fields.email ?? "";
  const phone = fields.phone?.replace(/[\s().-]/g, "");
  const given = PURPOSES.filter((purpose) => fields[`consent_${purpose}`]);
  const traits = {
    ...(phone ? { phone } : {}),
    consent: Object.fromEntries(given.map((purpose) => [purpose, true])),
    consent_wording: shop.wording,
    consent_source: form.dataset.source,
  };
  await signIn(email, traits);
  if (given.includes("tracking")) remember({ tracking: true });
  showPrivacy();
  const names = { email: texts.channelEmail, sms: texts.channelSms };
  const channels = given.flatMap((purpose) => (purpose === "tracking" ? [] : [names[purpose]])).join(", ");
  report(`${fill(texts.saved, { email })} ${channels ? fill(texts.savedWith, { channels }) : texts.savedWithout}`);
}

export function startSignup(): void {
  const form = document.querySelector<HTMLFormElement>("#signup-form");
  if (!form) return;
  const email = byId<HTMLInputElement>("signup-email");
  const phone = byId<HTMLInputElement>("signup-phone");
  email.value = profile().email ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isComplete(form, email, phone)) return;
    const button = byId<HTMLButtonElement>("signup-submit");
    void whileBusy(
      [button],
      () => save(form),
      () => report(texts.failed, true),
    );
  });
}
