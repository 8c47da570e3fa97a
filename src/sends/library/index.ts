import { announcement } from "./announcement";
import { backInStock } from "./back-in-stock";
import { birthday } from "./birthday";
import { browseReminder } from "./browse-reminder";
import { cartReminder } from "./cart-reminder";
import { coupon } from "./coupon";
import { crossSell } from "./cross-sell";
import type { Design } from "./design";
import { loyalty } from "./loyalty";
import { newsletter } from "./newsletter";
import { nps } from "./nps";
import { orderConfirmation } from "./order-confirmation";
import { priceDrop } from "./price-drop";
import { reviewRequest } from "./review-request";
import { shipping } from "./shipping";
import { welcome } from "./welcome";
import { winBack } from "./win-back";

/** Letters to begin with. Adding one is a file beside this one and a line here. */
export const LIBRARY: readonly Design[] = [
  welcome,
  newsletter,
  announcement,
  cartReminder,
  browseReminder,
  backInStock,
  priceDrop,
  orderConfirmation,
  shipping,
  reviewRequest,
  nps,
  crossSell,
  birthday,
  loyalty,
  winBack,
  coupon,
];
