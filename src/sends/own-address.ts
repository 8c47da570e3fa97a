/** True for a web address of the shop: on its host, or one below it. */
export function isOfShop(link: string, shopUrl: string): boolean {
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link) || !URL.canParse(shopUrl)) return false;
  const [host, own] = [new URL(link).hostname, new URL(shopUrl).hostname.replace(/^www\./, "")];
  return host === own || host.endsWith(`.${own}`);
}
