import type { Words } from "../../shared/language";
import type { View } from "../view";

interface Section extends Words {
  readonly path: string;
}

interface Group extends Words {
  /** In the order of the menu; the group's own link leads to the first. */
  readonly sections: readonly [Section, ...Section[]];
  /** Pages of the group that are reached from others. */
  readonly also: readonly string[];
}

const GROUPS: readonly [Group, ...Group[]] = [
  {
    en: "Activity",
    fr: "Activité",
    also: ["/admin/scenarios", "/admin/rehearsals"],
    sections: [
      { path: "/admin", en: "Overview", fr: "Vue d’ensemble" },
      { path: "/admin/decisions", en: "Decisions", fr: "Décisions" },
      { path: "/admin/messages", en: "Messages", fr: "Messages" },
      { path: "/admin/acts", en: "Actions", fr: "Actions" },
      { path: "/admin/delivery", en: "Delivery", fr: "Délivrabilité" },
    ],
  },
  {
    en: "Audience",
    fr: "Audience",
    also: ["/admin/contacts"],
    sections: [
      { path: "/admin/segments", en: "Segments", fr: "Segments" },
      { path: "/admin/rfm", en: "RFM", fr: "RFM" },
      { path: "/admin/privacy", en: "Privacy", fr: "Vie privée" },
    ],
  },
  {
    en: "Create",
    fr: "Créer",
    also: [],
    sections: [
      { path: "/admin/campaigns", en: "Campaigns", fr: "Campagnes" },
      { path: "/admin/contents", en: "Contents", fr: "Contenus" },
      { path: "/admin/contents/library", en: "Library", fr: "Bibliothèque" },
    ],
  },
  {
    en: "Data",
    fr: "Données",
    also: [],
    sections: [
      { path: "/admin/sources", en: "Sources", fr: "Sources" },
      { path: "/admin/catalogue", en: "Catalogue", fr: "Catalogue" },
      { path: "/admin/imports", en: "Imports", fr: "Imports" },
      { path: "/admin/exports", en: "Exports", fr: "Exports" },
      { path: "/admin/rejected", en: "Rejected", fr: "Rejets" },
    ],
  },
  {
    en: "Settings",
    fr: "Réglages",
    also: [],
    sections: [
      { path: "/admin/sending", en: "Sending", fr: "Envois" },
      { path: "/admin/brand", en: "Brand", fr: "Marque" },
      { path: "/admin/tracking", en: "Tracking", fr: "Suivi" },
    ],
  },
];

/** Whether a section's page is open, or one within it. */
function isWithin(section: string, path: string): boolean {
  return section === path || (section !== "/admin" && path.startsWith(`${section}/`));
}

/** The section that a page is in, the closest where one lies within another; null for a page of none. */
function sectionOf(path: string): Section | null {
  const around = GROUPS.flatMap(({ sections }) => sections).filter((section) => isWithin(section.path, path));
  return around.sort((left, right) => right.path.length - left.path.length)[0] ?? null;
}

function groupOf(path: string, section: Section | null): Group | undefined {
  return GROUPS.find(
    ({ sections, also }) =>
      (section !== null && sections.includes(section)) || also.some((other) => isWithin(other, path)),
  );
}

/** The console's two bars: groups of sections, and under them the sections of the group that is open. */
export function Menu({ view }: { view: View }) {
  const { say, path, language } = view;
  const section = sectionOf(path);
  const group = groupOf(path, section);
  const open = group ?? GROUPS[0];
  return (
    <nav class="menu" aria-label={say("Console", "Console")}>
      <ul class="menu-groups">
        {GROUPS.map((one) => (
          <li>
            <a href={one.sections[0].path} aria-current={one === group ? "true" : undefined}>
              {one[language]}
            </a>
          </li>
        ))}
      </ul>
      <ul class="menu-sections" aria-label={open[language]}>
        {open.sections.map((one) => (
          <li>
            <a href={one.path} aria-current={one !== section ? undefined : one.path === path ? "page" : "true"}>
              {one[language]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
