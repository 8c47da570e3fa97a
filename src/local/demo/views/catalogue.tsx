import { CATEGORIES, PRODUCTS, type Product } from "../products";
import { fill } from "../texts";
import { Layout } from "./layout";
import { Signup } from "./signup";
import { link, money, type View } from "./view";

function Card({ view, product, level }: { view: View; product: Product; level: "h2" | "h3" }) {
  const { language, texts } = view;
  const name = product.name[language];
  const Heading = level;
  return (
    <li class="card">
      <a class="card-link" href={link(view, `/demo/p/${product.sku}`)}>
        <img src={`/demo/img/${product.sku}.svg`} alt="" width="400" height="480" loading="lazy" />
        <Heading>{name}</Heading>
      </a>
      <div class="card-foot">
        <p class="price">{money(view, product.price)}</p>
        <button
          type="button"
          class="button button-small"
          data-add={product.sku}
          aria-label={fill(texts.addNamed, { name })}
        >
          {texts.addShort}
        </button>
      </div>
    </li>
  );
}

function Hero({ view: { texts, shopName } }: { view: View }) {
  return (
    <>
      <section class="hero">
        <div class="hero-text">
          <p class="eyebrow">{shopName}</p>
          <h1>{texts.title}</h1>
          <p>{texts.heroLine}</p>
          <a class="button button-light" href="#collection">
            {texts.heroButton}
          </a>
        </div>
        <img src="/demo/img/hero.svg" alt="" width="860" height="620" />
      </section>
      <ul class="promises">
        {texts.promises.map((promise) => (
          <li>{promise}</li>
        ))}
      </ul>
    </>
  );
}

/** `/demo`: everything, or one category. */
export function ListPage({ view }: { view: View }) {
  const { texts, category } = view;
  const products = PRODUCTS.filter((product) => category === null || product.category === category);
  const title = category ? texts.categories[category] : texts.collection;
  const page = {
    name: "list",
    title: category ? title : view.shopName,
    listed: products.map(({ sku }) => sku),
  } as const;
  return (
    <Layout view={view} page={page}>
      {category ? null : <Hero view={view} />}
      <section class="wide" id="collection" aria-labelledby="collection-title">
        <div class="section-head">
          {category ? <h1 id="collection-title">{title}</h1> : <h2 id="collection-title">{title}</h2>}
          <ul class="chips">
            {[null, ...CATEGORIES].map((key) => (
              <li>
                <a
                  href={link(view, key ? `/demo?category=${key}` : "/demo")}
                  aria-current={key === category ? "page" : undefined}
                >
                  {key ? texts.categories[key] : texts.everything}
                </a>
              </li>
            ))}
          </ul>
        </div>
        <ul class="grid">
          {products.map((product) => (
            <Card view={view} product={product} level={category ? "h2" : "h3"} />
          ))}
        </ul>
      </section>
      <Signup view={view} source="newsletter" />
    </Layout>
  );
}

function Breadcrumb({ view, product }: { view: View; product: Product }) {
  const { texts } = view;
  return (
    <nav class="breadcrumb" aria-label={texts.breadcrumb}>
      <a href={link(view, "/demo")}>{texts.home}</a>
      <span aria-hidden="true">/</span>
      <a href={link(view, `/demo?category=${product.category}`)}>{texts.categories[product.category]}</a>
      <span aria-hidden="true">/</span>
      <span aria-current="page">{product.name[view.language]}</span>
    </nav>
  );
}

function Facts({ view: { texts, language }, product }: { view: View; product: Product }) {
  return (
    <dl class="facts">
      <dt>{texts.details}</dt>
      <dd>{product.details[language]}</dd>
      <dt>{texts.delivery}</dt>
      <dd>{texts.deliveryText}</dd>
    </dl>
  );
}

/** `/demo/p/{sku}` */
export function ProductPage({ view, product }: { view: View; product: Product }) {
  const { texts, language } = view;
  const name = product.name[language];
  const related = PRODUCTS.filter((other) => other.category === product.category && other !== product);
  return (
    <Layout view={view} page={{ name: "product", title: name, listed: [product.sku] }}>
      <div class="wide product-page">
        <Breadcrumb view={view} product={product} />
        <div class="product">
          <img class="product-image" src={`/demo/img/${product.sku}.svg`} alt={name} width="400" height="480" />
          <div class="product-text">
            <h1>{name}</h1>
            <p class="price price-large">{money(view, product.price)}</p>
            <p class="lead">{product.description[language]}</p>
            <form id="add-form" class="add-form">
              <label for="quantity">
                {texts.quantity}
                <input
                  id="quantity"
                  name="quantity"
                  type="number"
                  inputmode="numeric"
                  min="1"
                  max="10"
                  value="1"
                  required
                />
              </label>
              <button type="submit" class="button" id="add-to-cart" data-add={product.sku}>
                {texts.add}
              </button>
            </form>
            <Facts view={view} product={product} />
          </div>
        </div>
        <section aria-labelledby="related-title">
          <div class="section-head">
            <h2 id="related-title">{texts.related}</h2>
          </div>
          <ul class="grid grid-related">
            {related.map((other) => (
              <Card view={view} product={other} level="h3" />
            ))}
          </ul>
        </section>
      </div>
    </Layout>
  );
}
