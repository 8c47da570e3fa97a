/** The pages of RFM: the matrix, segments with their shares, the picture of a map, flows. */
export const RFM_STYLE = `
.matrix { width: 100%; border-collapse: separate; border-spacing: 3px; table-layout: fixed; }
.matrix th { font: 600 0.8125rem / 1.3 var(--sans); color: var(--soft); padding: 0.2rem; vertical-align: middle; }
.matrix th small { display: block; font-weight: 400; font-size: 0.72rem; white-space: nowrap; }
.matrix thead td, .matrix tbody th { width: 3.4rem; }
.matrix tbody td { padding: 0; border-radius: 8px; height: 4.4rem; text-align: center; background: var(--raised); }
.matrix td a, .matrix td > span { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 0.1rem; width: 100%; min-height: 4.4rem; padding: 0.3rem 0.15rem; border-radius: 8px; color: var(--ink); text-decoration: none; font-variant-numeric: tabular-nums; }
.matrix td a:hover { box-shadow: inset 0 0 0 2px var(--link); }
.matrix strong { font-weight: 650; font-size: 1rem; line-height: 1.2; }
.matrix td .matrix-none { color: var(--soft); }
.matrix-share, .matrix-wide { font-size: 0.75rem; line-height: 1.3; }
.matrix-wide { display: none; }
.matrix-names { font-weight: 600; text-wrap: balance; }
.matrix-money { width: 2.2rem; height: 0.7rem; fill: currentColor; opacity: 0.6; margin-top: 0.15rem; }
.matrix td.shade-1 { background: color-mix(in srgb, var(--live) 8%, var(--card)); }
.matrix td.shade-2 { background: color-mix(in srgb, var(--live) 16%, var(--card)); }
.matrix td.shade-3 { background: color-mix(in srgb, var(--live) 24%, var(--card)); }
.matrix td.shade-4 { background: color-mix(in srgb, var(--live) 33%, var(--card)); }
.matrix td.shade-5 { background: color-mix(in srgb, var(--live) 42%, var(--card)); }
.matrix-small tbody td, .matrix-small td a, .matrix-small td > span { height: 3.2rem; min-height: 3.2rem; }
.matrix-bands { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; margin-top: 0.75rem; }
@media (min-width: 48rem) {
  .matrix:not(.matrix-small) .matrix-wide { display: block; }
  .matrix:not(.matrix-small) td a { min-height: 7.2rem; }
  .matrix thead td, .matrix tbody th { width: 5.2rem; }
}
.rfm-line { display: flex; flex-wrap: wrap; gap: 0.6rem 1.5rem; align-items: center; justify-content: space-between; margin-bottom: 1.25rem; }
.rfm-line p { flex: 1 1 24rem; max-width: 82ch; }
.rfm-segments > li { display: grid; gap: 0.6rem 2rem; padding: 0.85rem 1.25rem; border-top: 1px solid var(--line); }
.rfm-segments p { font-size: 0.875rem; max-width: 68ch; }
.rfm-shares { display: grid; grid-template-columns: 1fr auto; gap: 0 0.75rem; font-size: 0.8375rem; align-content: start; }
.rfm-bar { grid-column: 1 / -1; width: 100%; height: 0.35rem; margin: 0.1rem 0 0.35rem; }
@media (min-width: 48rem) {
  .rfm-segments > li { grid-template-columns: minmax(0, 1fr) 15rem; }
}
.rfm-footing li { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: 0.75rem; padding: 0.4rem 0; align-items: baseline; }
.rfm-footing .pill { justify-self: start; }
.rfm-address { display: block; }
.rfm-scores strong { font-size: 1.0625rem; margin-right: 0.6rem; }
`;
