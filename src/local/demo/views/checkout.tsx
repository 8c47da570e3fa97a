import { fill } from "../texts";
import { Amounts } from "./cart";
import { Layout } from "./layout";
import { link, type View } from "./view";

function ShortLineTemplate() {
  return (
    <template id="short-line">
      <li class="short-line">
        <img data-image alt="" width="400" height="480" />
        <span data-name></span>
        <span data-total></span>
      </li>
    </template>
  );
}

function Customer({ view: { texts } }: { view: View }) {
  return (
    <form class="customer" id="checkout-form">
      <h2>{texts.contact}</h2>
      <label for="checkout-email">
        {texts.email}
        <input id="checkout-email" name="email" type="email" autocomplete="email" maxlength={254} required />
      </label>
      <div class="pair">
        <label for="checkout-first-name">
          {texts.firstName}
          <input
            id="checkout-first-name"
            name="first_name"
            type="text"
            autocomplete="given-name"
            maxlength={80}
            required
          />
        </label>
        <label for="checkout-last-name">
          {texts.lastName}
          <input
            id="checkout-last-name"
            name="last_name"
            type="text"
            autocomplete="family-name"
            maxlength={80}
            required
          />
        </label>
      </div>
      <p class="note">{texts.demoNote}</p>
      <button type="submit" class="button" id="place-order">
        {texts.placeOrder}
      </button>
      <p class="status" id="checkout-status" role="alert"></p>
    </form>
  );
}

function Summary({ view }: { view: View }) {
  return (
    <section class="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">{view.texts.summary}</h2>
      <ul id="summary-lines"></ul>
      <Amounts view={view} />
      <small>{view.texts.noTax}</small>
    </section>
  );
}

/** `/demo/checkout` */
export function CheckoutPage({ view }: { view: View }) {
  const { texts } = view;
  return (
    <Layout view={view} page={{ name: "checkout", title: texts.checkoutTitle }}>
      <div class="wide">
        <h1>{texts.checkoutTitle}</h1>
        <div class="columns">
          <Customer view={view} />
          <Summary view={view} />
        </div>
      </div>
      <ShortLineTemplate />
    </Layout>
  );
}

/** `/demo/order/{id}`: the lines come from the browser that placed the order, so an id alone shows nothing. */
export function OrderPage({ view, orderId }: { view: View; orderId: string }) {
  const { texts } = view;
  return (
    <Layout view={view} page={{ name: "order", title: texts.thanks }}>
      <div class="wide narrow">
        <h1>{texts.thanks}</h1>
        <p class="lead" id="order-text">
          {fill(texts.orderText, { id: orderId })}
        </p>
        <div id="order-summary" data-order={orderId} hidden>
          <Summary view={view} />
        </div>
        <a class="button" href={link(view, "/demo")}>
          {texts.backToShop}
        </a>
      </div>
      <ShortLineTemplate />
    </Layout>
  );
}

export function NotFoundPage({ view }: { view: View }) {
  const { texts } = view;
  return (
    <Layout view={view} page={{ name: "plain", title: texts.notFoundTitle }}>
      <div class="wide narrow">
        <h1>{texts.notFoundTitle}</h1>
        <p class="lead">{texts.notFoundText}</p>
        <a class="button" href={link(view, "/demo")}>
          {texts.backToShop}
        </a>
      </div>
    </Layout>
  );
}
