import { byId } from "./dom";
import { forgetVisitor, profile, remember, shop } from "./shop";

/** Shows what the visitor last answered on tracking; without an answer it is a no. */
export function showPrivacy(): void {
  const { texts } = shop;
  const allowed = profile().tracking === true;
  byId("privacy-state").textContent = allowed ? texts.privacyOn : texts.privacyOff;
  byId("privacy-toggle").textContent = allowed ? texts.privacyRefuse : texts.privacyAllow;
}

export function startFooter(): void {
  showPrivacy();
  byId("privacy-toggle").addEventListener("click", () => {
    const tracking = profile().tracking !== true;
    remember({ tracking });
    window.relance.consent({ tracking }, { wording: shop.wording, source: "demo-footer" });
    showPrivacy();
  });
  byId("new-visitor").addEventListener("click", () => {
    forgetVisitor();
    location.assign(shop.links.home);
  });
}
