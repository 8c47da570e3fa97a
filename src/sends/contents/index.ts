import type { Content } from "../content";
import { cart1 } from "./cart-1";
import { cart2 } from "./cart-2";
import { cart2Sms } from "./cart-2-sms";
import { cart3 } from "./cart-3";
import { cart3Sms } from "./cart-3-sms";
import { optinEmail } from "./optin-email";
import { optinSms } from "./optin-sms";
import { secondPurchaseReminder } from "./second-purchase-reminder";
import { secondPurchaseSms } from "./second-purchase-sms";
import { secondPurchaseThanks } from "./second-purchase-thanks";
import { secondPurchaseThanksB } from "./second-purchase-thanks-b";

/** What a shop has before it has written anything itself. The scenario templates name these keys. */
export const STARTER_CONTENTS = {
  cart_1: cart1,
  cart_2: cart2,
  cart_2_sms: cart2Sms,
  cart_3: cart3,
  cart_3_sms: cart3Sms,
  second_purchase_thanks: secondPurchaseThanks,
  second_purchase_thanks_b: secondPurchaseThanksB,
  second_purchase_sms: secondPurchaseSms,
  second_purchase_reminder: secondPurchaseReminder,
  optin_email: optinEmail,
  optin_sms: optinSms,
} as const satisfies Record<string, Content>;
