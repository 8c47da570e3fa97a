import type { SendingSettings } from "../decisions/sending";
import { sendingInput } from "../decisions/sending";
import { readSending, saveSending } from "../services/sending";
import { Fault } from "../shared/fault";
import { pointersOf } from "../shared/pointer";
import { SendingPage } from "./pages/sending";
import type { ConsoleApp, ConsoleContext } from "./request";
import { formOf, pageOf } from "./request";
import { draftFrom, draftOf, statedOf } from "./sending-draft";
import { sendingProblem } from "./words/sending";

/** As many lines as the settings may have. */
const MOST_FORM = 32_768;

/** How often and when messages may leave. */
export function addSending(app: ConsoleApp): void {
  app.get("/admin/sending", async (context) => {
    const { view, services } = context.var;
    const draft = draftOf(await readSending(services));
    return pageOf(context, <SendingPage view={view} shown={{ draft, problems: [] }} />);
  });
  app.post("/admin/sending", change);
}

/** Keeps what was typed; what does not fit stands with the form, as it was typed. */
async function change(context: ConsoleContext): Promise<Response> {
  const { services, view } = context.var;
  const draft = draftFrom(await formOf(context, MOST_FORM));
  try {
    await saveSending(services, settingsOf(statedOf(draft, await readSending(services))));
  } catch (error) {
    if (!(error instanceof Fault) || error.errors.length === 0) throw error;
    const problems = error.errors.map(({ pointer, detail }) => sendingProblem(pointer, detail, view.language));
    return pageOf(context, <SendingPage view={view} shown={{ draft, problems }} />, 400);
  }
  return context.redirect("/admin/sending?done=saved", 303);
}

function settingsOf(stated: unknown): SendingSettings {
  const parsed = sendingInput.safeParse(stated);
  if (!parsed.success) throw new Fault("invalid-input", "The form does not fit.", pointersOf(parsed.error));
  return parsed.data;
}
