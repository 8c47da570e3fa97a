/** The page of sources: its table, which is a list on a phone, the sparks, and the form of alerts. */
export const SOURCES_STYLE = `
.spark { display: block; width: 9.5rem; height: 2rem; overflow: visible; }
.spark rect { fill: var(--bar-sent); }
.spark .spark-none { fill: var(--line-strong); }
.sources { width: 100%; border-collapse: collapse; }
.sources th, .sources td { text-align: left; font-weight: 400; vertical-align: top; padding: 0.75rem 1.25rem 0.75rem 0; border-top: 1px solid var(--line); }
.sources thead th { color: var(--soft); font-size: 0.78rem; border-top: 0; padding-block: 0 0.5rem; white-space: nowrap; }
.sources tbody th strong { display: block; font-weight: 600; }
.sources .pill { margin-top: 0.3rem; }
.sources p { font-variant-numeric: tabular-nums; }
.sources .soft { font-size: 0.8125rem; }
.sources .warn { color: var(--wait); font-weight: 600; }
@media (max-width: 53.99rem) {
  .sources, .sources tbody, .sources tr, .sources th, .sources td { display: block; padding: 0; border: 0; }
  .sources thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .sources tr { padding: 0.9rem 0; display: grid; grid-template-columns: 1fr 1fr; gap: 0.6rem 1rem; }
  .sources tr + tr { border-top: 1px solid var(--line); }
  .sources tbody th { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; justify-content: space-between; }
  .sources .pill { margin-top: 0; }
  .sources td::before { content: attr(data-name); display: block; color: var(--soft); font-size: 0.78rem; }
}
@media (min-width: 54rem) {
  .sources td:last-child, .sources th:last-child { padding-right: 0; }
}
.connect { display: grid; gap: 1rem; }
.connect li > p { color: var(--soft); margin-bottom: 0.35rem; max-width: 70ch; }
.alert-form { display: grid; gap: 1rem; max-width: 46rem; }
.alert-form .hint { color: var(--soft); font-size: 0.8125rem; font-weight: 400; }
.alert-form fieldset { border: 0; display: grid; gap: 0.6rem; }
.alert-form legend { font-weight: 600; font-size: 0.875rem; padding: 0; margin-bottom: 0.35rem; }
.alert-form .pairs { display: grid; gap: 0.6rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
.alert-form .pairs label { font-weight: 400; }
.alert-form input[type="number"], .alert-form input[type="url"] {
  min-height: 2.5rem; width: 100%; padding: 0.4rem 0.75rem; border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.3 var(--sans);
}
.test-alert { margin-top: 0.75rem; }
.secret { margin-top: 0.75rem; }
`;
