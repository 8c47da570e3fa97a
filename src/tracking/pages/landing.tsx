import { formatDate, formatMoney } from "../../sends/format";
import type { Scope } from "../../sends/scope";
import { Page, type PageProps, say } from "./page";

interface LandingProps extends PageProps {
  readonly scope: Scope;
  readonly tag: (destination: string) => string;
}

type Lines = NonNullable<Scope["cart"]>["lines"];

/** What a message is about, for a reader to whom it could not show it: products, coupon, and where to go on. */
export function LandingPage({ scope, tag, ...page }: LandingProps) {
  const { cart, order, coupon } = scope;
  const lines = cart?.lines ?? order?.lines ?? [];
  return (
    <Page {...page} title={titleOf(page, scope)}>
      <p class="soft">{leadOf(page, scope)}</p>
      {coupon && <Coupon {...page} coupon={coupon} zone={scope.shop.timezone} />}
      {lines.length > 0 && <Products {...page} lines={lines} tag={tag} />}
      {cart && lines.length > 0 && (
        <p class="total">
          <span>{say(page, "Total", "Total")}</span> <b>{formatMoney(cart.total, cart.currency, page.language)}</b>
        </p>
      )}
      <p>
        <a class="button" href={tag(cart?.url ?? scope.shop.url)}>
          {cart
            ? say(page, "Back to my basket", "Reprendre mon panier")
            : say(page, "To the shop", "Aller à la boutique")}
        </a>
      </p>
    </Page>
  );
}

function titleOf(page: PageProps, { cart, order, contact }: Scope): string {
  const name = contact.first_name;
  if (cart && cart.lines.length > 0) {
    return name === null
      ? say(page, "Your basket is still here", "Votre panier vous attend")
      : say(page, `${name}, your basket is still here`, `${name}, votre panier vous attend`);
  }
  if (order) return say(page, "Your last order", "Votre dernière commande");
  return name === null ? say(page, "Chosen for you", "Pour vous") : say(page, `For you, ${name}`, `Pour vous, ${name}`);
}

function leadOf(page: PageProps, { cart, order, shop }: Scope): string {
  if (cart && cart.lines.length > 0) {
    return say(
      page,
      "Everything that you chose, as you left it.",
      "Tout ce que vous avez choisi, tel que vous l’avez laissé.",
    );
  }
  if (order) {
    const day = formatDate(order.placed_at, "long", shop.timezone, page.language);
    return say(page, `Placed on ${day}.`, `Passée le ${day}.`);
  }
  return say(page, "We are glad that you came by.", "Merci de votre visite.");
}

function Coupon({ coupon, zone, ...page }: PageProps & { coupon: NonNullable<Scope["coupon"]>; zone: string }) {
  const until = coupon.until === null ? null : formatDate(coupon.until, "long", zone, page.language);
  return (
    <div class="coupon">
      <p class="small">{say(page, "Your code", "Votre code")}</p>
      <p class="code">{coupon.code}</p>
      {until !== null && <p class="small soft">{say(page, `Valid until ${until}.`, `Valable jusqu’au ${until}.`)}</p>}
    </div>
  );
}

function Products({ lines, tag, ...page }: PageProps & { lines: Lines; tag: LandingProps["tag"] }) {
  return (
    <ul class="plain products">
      {lines.map((line) => (
        <li>
          {line.image === null ? (
            <span class="picture" aria-hidden="true">
              {line.initial}
            </span>
          ) : (
            <img class="picture" src={line.image} alt="" width="72" height="72" loading="lazy" />
          )}
          <span class="product">
            {line.url === null ? line.name : <a href={tag(line.url)}>{line.name}</a>}
            {line.quantity > 1 && (
              <small>{say(page, `Quantity: ${line.quantity}`, `Quantité : ${line.quantity}`)}</small>
            )}
          </span>
          <span class="price">{formatMoney(line.total, line.currency, page.language)}</span>
        </li>
      ))}
    </ul>
  );
}
