import type { Child } from "hono/jsx";
import type { Margin } from "../../segments/rfm/margin-store";
import type { DoneRun, RunKind } from "../../segments/rfm/run";
import type { MatrixCell } from "../rfm-matrix";
import type { Footing } from "../rfm-store";
import type { View } from "../view";
import { FormToken } from "./form";
import { Page } from "./layout";
import { Head } from "./parts";
import type { RfmNames } from "./rfm-parts";
import { RfmTabs } from "./rfm-parts";

/** A run with its matrix. Times are epoch ms. */
export interface RfmShown extends RfmNames {
  readonly kind: RunKind;
  readonly run: DoneRun;
  readonly isRunning: boolean;
  readonly asOf: number;
  /** The window begins here. */
  readonly from: number;
  readonly cells: readonly MatrixCell[];
  /** Orders that are no money, for want of a rate. */
  readonly unpriced: readonly { readonly currency: string; readonly orders: number }[];
  readonly footing: Footing;
  /** By the keys of segments, where somebody asked for them. */
  readonly margins: ReadonlyMap<string, Margin> | null;
  /** Some product has a margin. */
  readonly canAdd: boolean;
}

/** The page around what RFM shows. */
export function RfmFrame({ view, children }: { view: View; children?: Child }) {
  const { say } = view;
  return (
    <Page view={view} title="RFM">
      <Head
        title="RFM"
        about={say(
          "Who bought last, how often, and for how much: three scores that sort your customers into segments.",
          "Qui a acheté en dernier, combien de fois et pour combien : trois notes qui répartissent vos clients en segments.",
        )}
      >
        <RfmTabs view={view} />
      </Head>
      {children}
    </Page>
  );
}

/** Computes the live scores anew. */
export function ComputeButton({ view }: { view: View }) {
  return (
    <form method="post" action="/admin/rfm/recompute">
      <FormToken view={view} />
      <button type="submit">{view.say("Compute now", "Calculer maintenant")}</button>
    </form>
  );
}
