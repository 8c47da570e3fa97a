import * as z from "zod";
import { block } from "../block";

const params = z.strictObject({
  title: z.string().trim().min(1).max(200),
  note: z.string().max(2_000).optional(),
  /** Who is to see to it, as the shop calls them. */
  assignee: z.string().min(1).max(120).optional(),
});

export const taskCreate = block({
  category: "action",
  title: { en: "Create a task", fr: "Créer une tâche" },
  icon: "☑",
  params,
  outputs: ["next"],
  example: { title: "Call the customer", assignee: "Store in Lyon" },
  describe({ title, assignee }, language) {
    const [forWhom, pour] = assignee === undefined ? ["", ""] : [` for ${assignee}`, ` pour ${assignee}`];
    return language === "fr" ? `Crée une tâche${pour} : « ${title} ».` : `Creates a task${forWhom}: “${title}”.`;
  },
  traits: () => ({}),
  enter: ({ title, note, assignee }) => ({
    do: "act",
    act: { kind: "task.create", details: { title, note, assignee } },
    after: { do: "go", output: "next" },
  }),
});
