import { Layout } from "./layout";
import { Signup } from "./signup";
import { link, type View } from "./view";

/** The amounts under a list of lines; the page's script fills them in. */
export function Amounts({ view: { texts } }: { view: View }) {
  return (
    <dl class="amounts">
      <dt>{texts.subtotal}</dt>
      <dd data-amount="subtotal"></dd>
      <dt>{texts.shipping}</dt>
      <dd data-amount="shipping"></dd>
      <dt class="amounts-total">{texts.total}</dt>
      <dd class="amounts-total" data-amount="total"></dd>
    </dl>
  );
}

/** One line of the cart, cloned by the page's script: the cart lives in the browser alone. */
function LineTemplate({ view }: { view: View }) {
  const { texts } = view;
  return (
    <template id="cart-line">
      <li class="line">
        <img data-image alt="" width="400" height="480" />
        <div class="line-text">
          <h2>
            <a data-name href={link(view, "/demo")}>
              {texts.home}
            </a>
          </h2>
          <p class="price" data-unit></p>
          <div class="line-actions">
            <fieldset class="stepper" data-group>
              <button type="button" data-less>
                −
              </button>
              <output data-quantity></output>
              <button type="button" data-more>
                +
              </button>
            </fieldset>
            <button type="button" class="quiet" data-remove>
              {texts.remove}
            </button>
          </div>
        </div>
        <p class="line-total" data-total></p>
      </li>
    </template>
  );
}

/** `/demo/cart` */
export function CartPage({ view }: { view: View }) {
  const { texts } = view;
  return (
    <Layout view={view} page={{ name: "cart", title: texts.yourCart }}>
      <div class="wide">
        <h1 id="cart-title" tabindex={-1}>
          {texts.yourCart}
        </h1>
        <div class="empty" id="cart-empty" hidden>
          <p class="lead">{texts.emptyTitle}</p>
          <p>{texts.emptyText}</p>
          <a class="button" href={link(view, "/demo")}>
            {texts.backToShop}
          </a>
        </div>
        <div id="cart-full" hidden>
          <div class="columns">
            <ul class="lines" id="cart-lines"></ul>
            <section class="summary" aria-labelledby="summary-title">
              <h2 id="summary-title">{texts.summary}</h2>
              <Amounts view={view} />
              <a class="button button-wide" id="checkout-link" href={link(view, "/demo/checkout")}>
                {texts.checkout}
              </a>
              <button type="button" class="quiet" id="empty-cart">
                {texts.emptyCart}
              </button>
            </section>
          </div>
          <Signup view={view} source="save-cart" />
        </div>
      </div>
      <LineTemplate view={view} />
    </Layout>
  );
}
