/** The pages of RFM: the matrix, segments with their shares, the picture of a map, flows. */
export const RFM_STYLE = `
.matrix { width: 100%; border-collapse: separate; border-spacing: 3px; table-layout: fixed; }
.matrix th { font: 600 0.8125rem / 1.3 var(--sans); color: var(--soft); padding: 0.2rem; vertical-align: middle; }
.matrix th small { display: block; font-weight: 400; font-size: 0.72rem; white-space: nowrap; }
.matrix thead td, .matrix tbody th { width: 3.9rem; padding-inline: 0; }
@media (max-width: 30rem) { .matrix th small { font-size: 0.67rem; } }
.rfm-change th[scope="row"] { min-width: 7rem; }
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
.matrix-small .matrix-money { display: none; }
.matrix-bands { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; margin-top: 0.75rem; }
@media (min-width: 48rem) {
  .matrix:not(.matrix-small) .matrix-wide { display: block; }
  .matrix:not(.matrix-small) td a, .matrix:not(.matrix-small) td > span { min-height: 7.2rem; }
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
@media (max-width: 53.99rem) {
  .rfm-contacts tr { grid-template-columns: 5.2rem 1fr 1fr !important; gap: 0.35rem 0.9rem !important; padding-block: 0.7rem !important; }
  .rfm-contacts td:last-child { grid-column: 2 / -1; }
}
.rfm-address { display: block; }
.rfm-scores strong { font-size: 1.0625rem; margin-right: 0.6rem; }
.rfm-days label { display: inline-flex; align-items: center; gap: 0.5rem; }
.rfm-days input, .rfm-form input[type="number"], .rfm-form input[type="date"], .rfm-form textarea {
  min-height: 2.5rem; padding: 0.4rem 0.75rem; border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.3 var(--sans);
}
.rfm-sizes { display: grid; gap: 1.1rem 1.75rem; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); }
.rfm-sizes p { display: flex; justify-content: space-between; gap: 0.75rem; font-size: 0.875rem; margin-bottom: 0.25rem; }
.rfm-sizes svg { display: block; width: 100%; height: 3.25rem; border-bottom: 1px solid var(--line-strong); }
.size-area { fill: var(--live-back); }
.size-line { fill: none; stroke: var(--link); stroke-width: 2; vector-effect: non-scaling-stroke; }
.flow-up { fill: var(--bar-sent); background: var(--bar-sent); }
.flow-down { fill: var(--bar-failed); background: var(--bar-failed); }
.flow-other { fill: var(--bar-withheld); background: var(--bar-withheld); }
.alluvial { display: none; max-width: 60rem; margin: 0 auto; }
.alluvial svg { display: block; width: 100%; overflow: visible; }
.alluvial path { opacity: 0.55; }
.alluvial text { font: 400 12px var(--sans); fill: var(--ink); }
.alluvial-stop { fill: var(--line-strong); }
@media (min-width: 48rem) { .alluvial { display: block; } }
@media (max-width: 30rem) { .rfm-tiles .tile dd { font-size: 1.35rem; } }
.rfm-form { display: grid; gap: 1.1rem; grid-template-columns: minmax(0, 1fr); }
.rfm-form > *, .rfm-form input { min-width: 0; }
.rfm-form .rfm-check input { flex: none; }
.rfm-form textarea { width: 100%; font: 400 0.875rem / 1.5 var(--mono); resize: vertical; }
.rfm-check { display: inline-flex; gap: 0.6rem; align-items: baseline; font-weight: 400; }
.rfm-bounds { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 0.35rem 0.6rem; align-items: end; }
.rfm-form fieldset { border: 0; }
.rfm-form legend { padding: 0; font-size: 0.875rem; margin-bottom: 0.2rem !important; }
.rfm-bounds label { display: grid; gap: 0.15rem; color: var(--soft); font-size: 0.78rem; }
.rfm-form .rfm-bounds input { width: 100%; padding-inline: 0.5rem; }
.rfm-rate { grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); align-items: end; gap: 0.75rem; }
.rfm-rate .note { grid-column: 1 / -1; margin: 0; }
.rfm-rate input[type="date"] { width: 100%; }
.rfm-saved { display: flex; flex-wrap: wrap; gap: 0.6rem 1.5rem; align-items: center; justify-content: space-between; }
.rfm-settings .card { align-self: start; }
.map-squares { display: grid; gap: 0.9rem; grid-template-columns: repeat(auto-fill, minmax(8.75rem, 1fr)); }
.map-square { border-collapse: separate; border-spacing: 2px; table-layout: fixed; width: 100%; }
.map-square caption { font: 600 0.8125rem / 1.4 var(--sans); color: var(--soft); text-align: left; padding-left: 2px; }
.map-square th { font: 400 0.68rem / 1.6rem var(--sans); color: var(--soft); padding: 0; }
.map-cell { height: 1.6rem; border-radius: 4px; text-align: center; font: 600 0.75rem / 1.6rem var(--sans); color: var(--ink); padding: 0; }
.map-legend { display: grid; gap: 0.35rem 1rem; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr)); font-size: 0.875rem; }
.map-legend li { display: flex; gap: 0.6rem; align-items: center; }
.map-legend i { width: 1.8rem; flex: none; font-style: normal; }
.map-none { background: var(--bad); color: var(--card); }
.map-twice { background: var(--bad-back); color: var(--bad); box-shadow: inset 0 0 0 2px var(--bad); }
.map-0 { background: #dceafd; }
.map-1 { background: #d7f0e2; }
.map-2 { background: #fbeacb; }
.map-3 { background: #ecdff8; }
.map-4 { background: #fde0e6; }
.map-5 { background: #d5eef2; }
.map-6 { background: #e9ecc8; }
.map-7 { background: #f8dccb; }
.map-8 { background: #dfe1f5; }
.map-9 { background: #e3e6ea; }
.map-10 { background: #d9d4cb; }
.map-11 { background: #f3e6ef; }
@media (prefers-color-scheme: dark) {
  .map-0 { background: #1f3a5f; }
  .map-1 { background: #1d4634; }
  .map-2 { background: #4d3a14; }
  .map-3 { background: #3c2a52; }
  .map-4 { background: #552634; }
  .map-5 { background: #174149; }
  .map-6 { background: #42461a; }
  .map-7 { background: #52301c; }
  .map-8 { background: #2e3160; }
  .map-9 { background: #3a4250; }
  .map-10 { background: #46413a; }
  .map-11 { background: #4a2f43; }
}
`;
