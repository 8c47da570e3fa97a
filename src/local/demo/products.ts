import type { Language } from "../../shared/language";

export type Category = "lamps" | "candles" | "home";
type Text = Readonly<Record<Language, string>>;

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly category: Category;
  /** Euro cents. */
  readonly price: number;
  readonly name: Text;
  readonly description: Text;
  readonly details: Text;
}

export const CURRENCY = "EUR";
export const CATEGORIES: readonly Category[] = ["lamps", "candles", "home"];

function product(
  id: string,
  sku: string,
  category: Category,
  price: number,
  en: readonly [name: string, description: string, details: string],
  fr: readonly [name: string, description: string, details: string],
): Product {
  const text = (index: 0 | 1 | 2): Text => ({ en: en[index], fr: fr[index] });
  return { id, sku, category, price, name: text(0), description: text(1), details: text(2) };
}

export const PRODUCTS: readonly Product[] = [
  product(
    "1001",
    "ML-AUBE",
    "lamps",
    8900,
    [
      "Aube table lamp",
      "A dome of opal glass that gives the soft light of early morning.",
      "Opal glass, painted steel · H 32 cm · E27 bulb, 6 W",
    ],
    [
      "Lampe à poser Aube",
      "Un dôme de verre opalin, pour la lumière douce du petit matin.",
      "Verre opalin, acier laqué · H 32 cm · ampoule E27, 6 W",
    ],
  ),
  product(
    "1002",
    "ML-BRUME",
    "lamps",
    17900,
    [
      "Brume floor lamp",
      "Three slender legs of ash and a shade of washed linen.",
      "Ash, washed linen · H 152 cm · E27 bulb, 9 W",
    ],
    [
      "Lampadaire Brume",
      "Trois fins pieds de frêne et un abat-jour en lin lavé.",
      "Frêne, lin lavé · H 152 cm · ampoule E27, 9 W",
    ],
  ),
  product(
    "1003",
    "ML-PERLE",
    "lamps",
    12900,
    [
      "Perle pendant lamp",
      "A single globe, hung low over the table where everyone stays late.",
      "Mouth-blown glass, brass · Ø 28 cm · cable 1.8 m",
    ],
    [
      "Suspension Perle",
      "Un globe, suspendu bas au-dessus de la table où l'on reste tard.",
      "Verre soufflé, laiton · Ø 28 cm · câble 1,8 m",
    ],
  ),
  product(
    "1004",
    "ML-LUEUR",
    "lamps",
    6900,
    [
      "Lueur portable lamp",
      "Take the light along: to the balcony, the bath, the bedside.",
      "Aluminium · H 24 cm · 12 hours on one charge",
    ],
    [
      "Lampe nomade Lueur",
      "La lumière vous suit : au balcon, au bain, au chevet.",
      "Aluminium · H 24 cm · 12 heures d'autonomie",
    ],
  ),
  product(
    "2001",
    "ML-FIGUIER",
    "candles",
    3400,
    [
      "Figuier scented candle",
      "Green fig leaves after rain, in a smoked glass.",
      "Plant wax, cotton wick · 190 g · burns for 45 hours",
    ],
    [
      "Bougie parfumée Figuier",
      "Feuilles de figuier après la pluie, dans un verre fumé.",
      "Cire végétale, mèche coton · 190 g · 45 heures",
    ],
  ),
  product(
    "2002",
    "ML-CEDRE",
    "candles",
    3800,
    [
      "Cèdre scented candle",
      "Cedar, pepper and a little smoke, in stoneware made to be kept.",
      "Plant wax, stoneware · 220 g · burns for 50 hours",
    ],
    [
      "Bougie parfumée Cèdre",
      "Cèdre, poivre et un peu de fumée, dans un grès à garder.",
      "Cire végétale, grès · 220 g · 50 heures",
    ],
  ),
  product(
    "2003",
    "ML-CIRE",
    "candles",
    1850,
    [
      "Cire taper candles, set of four",
      "Four dipped candles in the colours of dusk.",
      "Beeswax blend · H 26 cm · burn for 8 hours each",
    ],
    [
      "Bougies flambeau Cire, lot de quatre",
      "Quatre bougies trempées, aux couleurs du soir.",
      "Cire d'abeille mêlée · H 26 cm · 8 heures chacune",
    ],
  ),
  product(
    "2004",
    "ML-DUO",
    "candles",
    4200,
    [
      "Duo candle holders",
      "A tall one and a short one, turned from solid brass.",
      "Solid brass · H 18 cm and 11 cm · for taper candles",
    ],
    [
      "Bougeoirs Duo",
      "Un grand et un petit, tournés dans le laiton massif.",
      "Laiton massif · H 18 cm et 11 cm · pour flambeaux",
    ],
  ),
  product(
    "3001",
    "ML-GALET",
    "home",
    5600,
    [
      "Galet vase",
      "Round like a pebble, with a matt glaze that drinks the light.",
      "Stoneware, matt glaze · H 22 cm · watertight",
    ],
    [
      "Vase Galet",
      "Rond comme un galet, sous un émail mat qui boit la lumière.",
      "Grès, émail mat · H 22 cm · étanche",
    ],
  ),
  product(
    "3002",
    "ML-HALO",
    "home",
    14900,
    ["Halo mirror", "A round mirror that doubles the smallest window.", "Brass frame · Ø 60 cm · hangs from one nail"],
    [
      "Miroir Halo",
      "Un miroir rond qui double la plus petite fenêtre.",
      "Cadre laiton · Ø 60 cm · un seul clou suffit",
    ],
  ),
  product(
    "3003",
    "ML-LAINE",
    "home",
    9800,
    [
      "Laine throw",
      "Undyed wool in a wide weave, for the second half of the evening.",
      "Pure wool · 130 × 180 cm · woven in the Pyrenees",
    ],
    [
      "Plaid Laine",
      "Une laine non teinte au tissage large, pour la fin de soirée.",
      "Pure laine · 130 × 180 cm · tissé dans les Pyrénées",
    ],
  ),
  product(
    "3004",
    "ML-NUIT",
    "home",
    4500,
    [
      "Nuit cushion",
      "Heavy linen in the blue that comes just before night.",
      "Washed linen, feather filling · 45 × 45 cm",
    ],
    ["Coussin Nuit", "Un lin épais, du bleu qui précède la nuit.", "Lin lavé, garnissage plumes · 45 × 45 cm"],
  ),
];

export function productOf(sku: string): Product | undefined {
  return PRODUCTS.find((product) => product.sku === sku);
}

/** A product as Segment's spec describes it: `price` in euros, addresses absolute. */
export interface ProductProperties {
  readonly product_id: string;
  readonly sku: string;
  readonly category: string;
  readonly name: string;
  readonly brand: string;
  readonly price: number;
  readonly currency: string;
  readonly url: string;
  readonly image_url: string;
}

/** The same description in every event about a product, from the page as from the shop's server. */
export function propertiesOf(
  { id, sku, category, name, price }: Product,
  shop: { readonly origin: string; readonly name: string; readonly language: Language },
): ProductProperties {
  return {
    product_id: id,
    sku,
    category,
    name: name[shop.language],
    brand: shop.name,
    price: price / 100,
    currency: CURRENCY,
    url: `${shop.origin}/demo/p/${sku}`,
    image_url: `${shop.origin}/demo/img/${sku}.svg`,
  };
}
