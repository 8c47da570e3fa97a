import type { Republished } from "../../admin/republish-actions";
import type { Brand } from "../../sends/brand";
import { PALETTE } from "../../sends/brand";
import { LIBRARY } from "../../sends/library";
import type { BrandDraft } from "../brand-draft";
import type { View } from "../view";
import { BRAND_FIELDS, COLOUR_NAMES, FONT_NAMES, SCHEME_NAMES } from "../words/brand";
import { label } from "../words/labels";
import { ContrastCard, OutdatedCard } from "./brand-standing";
import { FormNotes, FormToken } from "./form";
import { Page } from "./layout";
import { Card, Head } from "./parts";

export interface BrandShown {
  readonly draft: BrandDraft;
  /** What the draft says; null where it cannot be read. */
  readonly brand: Brand | null;
  readonly problems: readonly string[];
  /** Keys of letters that have another brand in them. */
  readonly outdated: readonly string[];
  /** What publishing again just came to. */
  readonly republished: Republished | null;
}

interface Props {
  readonly view: View;
  readonly shown: BrandShown;
}

/** Logo, colours and type of every letter, with a letter that shows them. */
export function BrandPage({ view, shown }: Props) {
  const { say } = view;
  const { draft, brand, problems, outdated, republished } = shown;
  return (
    <Page view={view} title={say("Brand", "Marque")}>
      <Head
        title={say("Brand", "Marque")}
        about={say(
          "Logo, colours and type of letters made from the library. An empty field is as the product comes with it.",
          "Logo, couleurs et typographie des lettres faites à partir de la bibliothèque. Un champ vide reprend la valeur d’origine.",
        )}
      />
      <FormNotes
        view={view}
        problems={problems}
        saved={say(
          "Saved. Letters that are published from now on look like this; those that are out keep their look.",
          "Enregistré. Les lettres publiées désormais auront cet aspect ; celles déjà publiées gardent le leur.",
        )}
      />
      <OutdatedCard view={view} outdated={outdated} republished={republished} />
      <div class="columns columns-even">
        <BrandForm view={view} draft={draft} />
        <div class="stack">
          <Card id="letter" title={say("A letter in it", "Une lettre")}>
            <div class="card-body">
              <iframe
                class="letter"
                name="letter"
                sandbox=""
                title={say("A letter of the library in this brand", "Une lettre de la bibliothèque à cette marque")}
                src="/admin/brand/letter"
              />
            </div>
          </Card>
          {brand !== null && <ContrastCard view={view} brand={brand} />}
        </div>
      </div>
    </Page>
  );
}

interface Part {
  readonly view: View;
  readonly draft: BrandDraft;
}

/** What kept the brand from being saved, or that it was. */
function BrandForm({ view, draft }: Part) {
  const { say } = view;
  return (
    <form class="card card-body content-form" method="post" action="/admin/brand">
      <FormToken view={view} />
      <LogoFields view={view} draft={draft} />
      <Colours view={view} draft={draft} scheme="colours" />
      <Colours view={view} draft={draft} scheme="night" />
      <TypeFields view={view} draft={draft} />
      <LetterChoice view={view} />
      <p class="actions">
        <button type="submit" formaction="/admin/brand/letter" formtarget="letter">
          {say("Show the letter", "Afficher la lettre")}
        </button>{" "}
        <button type="submit" name="do" value="check">
          {say("Check the contrast", "Vérifier le contraste")}
        </button>{" "}
        <button type="submit" name="do" value="save" class="button-main">
          {say("Save", "Enregistrer")}
        </button>
      </p>
    </form>
  );
}

interface FieldProps extends Part {
  readonly name: keyof typeof BRAND_FIELDS;
  readonly hint?: string;
}

function Field({ view, draft, name, hint }: FieldProps) {
  const id = `brand-${name}`;
  return (
    <p class="field">
      <label for={id}>{BRAND_FIELDS[name][view.language]}</label>
      <input
        id={id}
        type="text"
        name={name}
        value={draft[name] ?? ""}
        maxlength={1_000}
        autocomplete="off"
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      />
      {hint !== undefined && (
        <span id={`${id}-hint`} class="soft small">
          {hint}
        </span>
      )}
    </p>
  );
}

function LogoFields({ view, draft }: Part) {
  const { say } = view;
  return (
    <fieldset>
      <legend>{say("Logo", "Logo")}</legend>
      <Field
        view={view}
        draft={draft}
        name="logo"
        hint={say(
          "A PNG or JPEG that mail programs can load. Without one the shop’s name stands in its place.",
          "Un PNG ou un JPEG que les messageries peuvent charger. Sans logo, le nom de la boutique prend sa place.",
        )}
      />
      <Field view={view} draft={draft} name="logo_width" hint={say("24 to 400", "De 24 à 400")} />
    </fieldset>
  );
}

/** A sample of a colour: drawn, because pages take no style from inside them. */
function Swatch({ colour }: { colour: string }) {
  return (
    <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
      {/^#[0-9a-f]{6}$/i.test(colour) && <rect width="10" height="10" fill={colour} />}
    </svg>
  );
}

function Colours({ view, draft, scheme }: Part & { scheme: "colours" | "night" }) {
  const { say, language } = view;
  return (
    <fieldset>
      <legend>
        {say("Colours", "Couleurs")} {SCHEME_NAMES[scheme][language].toLowerCase()}
      </legend>
      {scheme === "night" && (
        <p class="soft small">
          {say(
            "For readers whose telephone or computer is set to dark.",
            "Pour les lecteurs dont le téléphone ou l’ordinateur est en mode sombre.",
          )}
        </p>
      )}
      <div class="colours">
        {PALETTE.map((name) => {
          const field = `${scheme}.${name}`;
          const id = `brand-${scheme}-${name}`;
          return (
            <p class="field">
              <label for={id}>{COLOUR_NAMES[name][language]}</label>
              <span class="colour">
                <Swatch colour={draft[field] ?? ""} />
                <input
                  id={id}
                  type="text"
                  name={field}
                  value={draft[field] ?? ""}
                  maxlength={20}
                  placeholder="#2a241e"
                  autocomplete="off"
                  spellcheck={false}
                />
              </span>
            </p>
          );
        })}
      </div>
    </fieldset>
  );
}

function TypeFields({ view, draft }: Part) {
  const { say, language } = view;
  return (
    <fieldset>
      <legend>{say("Type and details", "Typographie et détails")}</legend>
      {(["heading_font", "body_font"] as const).map((name) => (
        <p class="field">
          <label for={`brand-${name}`}>{BRAND_FIELDS[name][language]}</label>
          <select id={`brand-${name}`} name={name}>
            {Object.keys(FONT_NAMES).map((font) => (
              <option value={font} selected={font === draft[name]}>
                {label(FONT_NAMES, font, language)}
              </option>
            ))}
          </select>
        </p>
      ))}
      <Field view={view} draft={draft} name="radius" hint={say("0 to 32", "De 0 à 32")} />
      <Field
        view={view}
        draft={draft}
        name="countdown"
        hint={say(
          "The end is added to this address as “until”. Without one, letters write the date.",
          "La fin est ajoutée à cette adresse (« until »). Sans service, les lettres écrivent la date.",
        )}
      />
    </fieldset>
  );
}

function LetterChoice({ view }: { view: View }) {
  const { say, language } = view;
  return (
    <fieldset class="ticks">
      <legend>{say("Letter to look at", "Lettre à regarder")}</legend>
      <select name="design" aria-label={say("Letter", "Lettre")}>
        {LIBRARY.map(({ key, title }) => (
          <option value={key}>{title[language]}</option>
        ))}
      </select>{" "}
      <select name="scheme" aria-label={say("By day or by night", "De jour ou de nuit")}>
        {(["colours", "night"] as const).map((scheme) => (
          <option value={scheme}>{SCHEME_NAMES[scheme][language]}</option>
        ))}
      </select>
    </fieldset>
  );
}
