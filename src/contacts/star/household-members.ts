import type { Feed, StarTable } from "./table";
import { plain } from "./table";

const states: Feed = {
  from: "server",
  read(properties) {
    const id = plain(properties["member_id"] ?? properties["id"]);
    if (id === null) return null;
    const { kind, name, birth_date, species, breed, gender } = properties;
    return { id, values: { kind, name, birth_date, species, breed, gender }, whole: true };
  },
};

/** Children and pets. Only the shop's server may tell of them: a browser cannot vouch for a parent's consent. */
export const householdMembers: StarTable = {
  name: "household_members",
  title: { en: "Household", fr: "Foyer" },
  description: "Children and pets with their birthdays. Only the shop's server may tell of them.",
  family: "linked",
  contact: "required",
  unique: "shop",
  columns: {
    kind: { type: "text", required: true },
    name: { type: "text" },
    birth_date: { type: "date" },
    species: { type: "text" },
    breed: { type: "text" },
    gender: { type: "text" },
  },
  feeds: { "household member added": states, "household member updated": states },
  guarded: true,
};
