import type { Republished } from "../../admin/republish-actions";
import type { Brand } from "../../sends/brand";
import { contrastsOf, LEAST_CONTRAST } from "../../sends/brand-contrast";
import { numberText, type View } from "../view";
import { COLOUR_NAMES, SCHEME_NAMES } from "../words/brand";
import { FormToken } from "./form";
import { Card, Pill } from "./parts";

interface OutdatedProps {
  readonly view: View;
  /** Keys of letters that have another brand in them. */
  readonly outdated: readonly string[];
  readonly republished: Republished | null;
}

/** Letters that look otherwise than the brand of now, and the way to publish them again. */
export function OutdatedCard({ view, outdated, republished }: OutdatedProps) {
  const { say } = view;
  if (outdated.length === 0 && republished === null) return null;
  const count = numberText(view, outdated.length);
  return (
    <Card
      id="outdated"
      title={
        outdated.length === 0
          ? say("Every letter has this brand", "Toutes les lettres ont cette marque")
          : say(
              `${count} ${outdated.length === 1 ? "letter has" : "letters have"} another look still`,
              `${count} ${outdated.length === 1 ? "lettre a" : "lettres ont"} encore un autre aspect`,
            )
      }
      about={say(
        "Publishing again makes a new version of each, in the brand that is saved. Messages that were decided before keep theirs. Letters that come with the product and emails written as HTML are not among them.",
        "Republier fait une nouvelle version de chacune, à la marque enregistrée. Les messages déjà décidés gardent la leur. Les lettres fournies avec le produit et les e-mails écrits en HTML n’en font pas partie.",
      )}
    >
      <div class="card-body stack">
        {republished !== null && <Result view={view} republished={republished} />}
        {outdated.length > 0 && (
          <>
            <p>
              {outdated.map((key, index) => (
                <>
                  {index > 0 && ", "}
                  <a href={`/admin/contents/${key}`}>{key}</a>
                </>
              ))}
            </p>
            <form method="post" action="/admin/brand/republish">
              <FormToken view={view} />
              <input type="hidden" name="after" value={republished?.next ?? ""} />
              <button type="submit">
                {republished?.next
                  ? say("Go on with the next", "Continuer avec les suivantes")
                  : say("Publish them again with this brand", "Les republier à cette marque")}
              </button>
            </form>
          </>
        )}
      </div>
    </Card>
  );
}

function Result({ view, republished: { published, refused, left } }: { view: View; republished: Republished }) {
  const { say } = view;
  const [done, open] = [numberText(view, published.length), numberText(view, left.length)];
  return (
    <>
      <p class="note note-good" role="status">
        {say(`Published again: ${done}. Left: ${open}.`, `Republiées : ${done}. Restantes : ${open}.`)}
      </p>
      {refused.map(({ key, errors }) => (
        <p class="note note-bad">
          <strong>{key}</strong> {say("cannot go out as it is:", "ne peut pas partir telle quelle :")}{" "}
          {errors.map(({ detail }) => detail).join(" ")}{" "}
          <a href={`/admin/contents/${key}/edit`}>{say("Change it", "La modifier")}</a>
        </p>
      ))}
    </>
  );
}

/** How well each colour reads on the others that letters put it on. */
export function ContrastCard({ view, brand }: { view: View; brand: Brand }) {
  const { say, language } = view;
  const ratio = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const found = contrastsOf(brand);
  const weak = found.filter((one) => one.ratio < LEAST_CONTRAST).length;
  return (
    <Card
      id="contrast"
      title={say("Contrast", "Contraste")}
      about={say(
        `Text needs ${LEAST_CONTRAST} : 1 to be read by everybody. ${weak === 0 ? "All of it has that." : `${weak} below.`}`,
        `Un texte demande ${ratio.format(LEAST_CONTRAST)} : 1 pour être lu de tous. ${weak === 0 ? "C’est le cas partout." : `${weak} en dessous.`}`,
      )}
    >
      <div class="card-body">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">{say("Colour", "Couleur")}</th>
              <th scope="col">{say("On", "Sur")}</th>
              <th scope="col" class="end">
                {say("Contrast", "Contraste")}
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ scheme, text, ground, ratio: value, strict }) => (
              <tr>
                <th scope="row">
                  {COLOUR_NAMES[text][language]}{" "}
                  <span class="soft small">{SCHEME_NAMES[scheme][language].toLowerCase()}</span>
                </th>
                <td>{COLOUR_NAMES[ground][language]}</td>
                <td class="end">
                  {ratio.format(value)}{" "}
                  {value < LEAST_CONTRAST && (
                    <Pill tone={strict ? "bad" : "wait"}>
                      {strict ? say("refused", "refusé") : say("weak", "faible")}
                    </Pill>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
