import { idTail } from "../../shared/ids";
import { CONTENTS_STYLE } from "./contents";
import { FRAME } from "./frame";
import { IMPORTS_STYLE } from "./imports";
import { PARTS } from "./parts";
import { RFM_STYLE } from "./rfm";
import { SCENARIOS_STYLE } from "./scenarios";
import { SEGMENTS_STYLE } from "./segments";
import { SENDING_STYLE } from "./sending";
import { SOURCES_STYLE } from "./sources";
import { BASE, TOKENS } from "./tokens";

/** The console's one style sheet. A file of its own, because the pages' policy takes no style from inside them. */
export const CONSOLE_SHEET =
  TOKENS +
  BASE +
  FRAME +
  PARTS +
  SOURCES_STYLE +
  IMPORTS_STYLE +
  RFM_STYLE +
  SEGMENTS_STYLE +
  SCENARIOS_STYLE +
  SENDING_STYLE +
  CONTENTS_STYLE;

export const CONSOLE_SHEET_ETAG = `"${idTail(CONSOLE_SHEET)}"`;
