import { installStub } from "../../../storefront/snippet/stub";
import { showCount } from "./cart";
import { startCart } from "./cart-page";
import { startCheckout, startOrder } from "./checkout-page";
import { startFooter } from "./footer";
import { startCards, startList } from "./list";
import { startProduct } from "./product-page";
import { startRibbon } from "./ribbon";
import { page } from "./shop";
import { startSignup } from "./signup";

const PAGES: Readonly<Record<string, () => void>> = {
  list: startList,
  product: startProduct,
  cart: startCart,
  checkout: startCheckout,
  order: startOrder,
};

installStub(window);
showCount();
startRibbon();
startFooter();
startCards();
startSignup();
PAGES[page]?.();
// Another tab of this browser may change the same cart.
addEventListener("storage", showCount);
