import type { View } from "./view";

function Choice({ name, text }: { name: "email" | "sms" | "tracking"; text: string }) {
  return (
    <label class="box" for={`consent-${name}`}>
      <input id={`consent-${name}`} name={`consent_${name}`} type="checkbox" />
      <span>{text}</span>
    </label>
  );
}

function Choices({ view: { texts } }: { view: View }) {
  return (
    <fieldset>
      <legend>{texts.agree}</legend>
      <Choice name="email" text={texts.consentEmail} />
      <Choice name="sms" text={texts.consentSms} />
      <Choice name="tracking" text={texts.consentTracking} />
      <small>{texts.consentNote}</small>
    </fieldset>
  );
}

/**
 * The address form, for the newsletter and for saving a cart. No box is ticked beforehand, none is required,
 * and each purpose has its own: consent is free and separate, or it is none.
 */
export function Signup({ view, source }: { view: View; source: "newsletter" | "save-cart" }) {
  const { texts } = view;
  const forCart = source === "save-cart";
  return (
    <section class={`signup signup-${source}`} id="signup" aria-labelledby="signup-title">
      <div class="signup-intro">
        <h2 id="signup-title">{forCart ? texts.saveTitle : texts.newsTitle}</h2>
        <p>{forCart ? texts.saveText : texts.newsText}</p>
      </div>
      <form id="signup-form" data-source={`demo-${source}`} novalidate>
        <div class="fields">
          <label for="signup-email">
            {texts.email}
            <input id="signup-email" name="email" type="email" autocomplete="email" maxlength={254} required />
          </label>
          <label for="signup-phone">
            {texts.phone}
            <input
              id="signup-phone"
              name="phone"
              type="tel"
              autocomplete="tel"
              maxlength={24}
              placeholder="+33 6 12 34 56 78"
              aria-describedby="signup-phone-hint"
            />
            <small id="signup-phone-hint">{texts.phoneHint}</small>
          </label>
        </div>
        <Choices view={view} />
        <button type="submit" class="button" id="signup-submit">
          {forCart ? texts.saveButton : texts.newsButton}
        </button>
        <p class="status" id="signup-status" role="status"></p>
      </form>
    </section>
  );
}
