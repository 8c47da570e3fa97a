/** The pages of contents: the library, the editor, and letters in their frames. */
export const CONTENTS_STYLE = `
.letter { display: block; width: 100%; height: 46rem; border: 1px solid var(--line); border-radius: 8px; background: #ffffff; }
.letter-small { display: block; width: 100%; height: 20rem; border: 0; border-block: 1px solid var(--line); background: #ffffff; }
.letter-subject { margin: 0.9rem 0; overflow-wrap: anywhere; }
.letter-text { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border-radius: 8px; background: var(--raised); font: 400 0.875rem / 1.6 var(--mono); }
.designs { list-style: none; padding: 0; display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fill, minmax(min(19rem, 100%), 1fr)); }
.designs > .card { display: flex; flex-direction: column; }
.designs > .card + .card { margin-top: 0; }
.designs .letter-small { margin-top: auto; }
.card-body > .tabs + .tabs { margin-top: 0.4rem; }
.begins { margin-left: 0.75rem; color: var(--soft); }
@media (min-width: 62rem) {
  .beside { position: sticky; top: 1rem; align-self: start; }
}
.designs .card-body { padding-top: 1.1rem; }
.versions { list-style: none; display: grid; gap: 0.5rem; }
.content-form.card-body { padding-top: 1.25rem; }
.for-contact { display: grid; gap: 0.35rem; margin: 0.9rem 0; max-width: 22rem; }
.checks { list-style: none; display: grid; gap: 0.6rem; padding-left: 1.25rem; }
.content-form { display: grid; gap: 1.1rem; min-width: 0; }
.content-form fieldset { border: 1px solid var(--line); border-radius: 8px; padding: 1rem; display: grid; gap: 0.8rem; min-width: 0; }
.content-form legend { padding: 0 0.4rem; font-weight: 600; }
.content-form input:not([type="checkbox"]), .content-form select, .content-form textarea {
  width: 100%; min-height: 2.75rem; padding: 0.4rem 0.75rem; border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.6 var(--sans);
}
.content-form textarea { font: 400 0.8125rem / 1.55 var(--mono); resize: vertical; }
.content-form .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; }
.colours { display: grid; gap: 0.8rem; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 100%), 1fr)); align-items: end; }
.colour { display: flex; gap: 0.5rem; align-items: center; }
.swatch { flex: none; width: 2.25rem; height: 2.25rem; border: 1px solid var(--line-strong); border-radius: 8px; }
.content-form .colour input { font-family: var(--mono); min-width: 0; }
.tick { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.2rem 0.6rem; align-items: center; }
.tick input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--live); }
.tick .small { grid-column: 2; }
.windows { display: grid; gap: 0.9rem 1.5rem; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); }
.windows fieldset { border: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 0.5rem; min-width: 0; }
.windows legend { font-weight: 600; font-size: 0.875rem; padding: 0; margin-bottom: 0.3rem; }
.windows input, .windows select { width: auto; min-width: 0; }
`;
