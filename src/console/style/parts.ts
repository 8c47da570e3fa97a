/** What stands inside the pages: figures, the chart, scenarios and their paths, feeds, facts. */
export const PARTS = `
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.75rem; margin-bottom: 1.25rem; }
.tile { padding: 0.9rem 1.1rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: var(--round); box-shadow: var(--shadow); display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.tile dt { color: var(--soft); font-size: 0.8125rem; margin-top: 0.15rem; }
.tile dd { font: 600 1.7rem / 1.15 var(--sans); letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.tile dd small { font-size: 0.8125rem; font-weight: 500; letter-spacing: 0; color: var(--soft); margin-left: 0.35rem; }

.dotted > li { position: relative; padding-left: 1.1rem; max-width: 80ch; }
.dotted > li + li { margin-top: 0.4rem; }
.dotted > li::before { content: ""; position: absolute; left: 0.2rem; top: 0.6em; width: 0.3rem; height: 0.3rem; border-radius: 50%; background: var(--soft); }

.chart { position: relative; display: flex; flex-direction: column; height: 100%; }
.chart svg { display: block; width: 100%; height: 11rem; flex: 1 0 11rem; }
.chart-line { stroke: var(--line); vector-effect: non-scaling-stroke; }
.bar-sent { fill: var(--bar-sent); background: var(--bar-sent); }
.bar-waiting { fill: var(--bar-waiting); background: var(--bar-waiting); }
.bar-withheld { fill: var(--bar-withheld); background: var(--bar-withheld); }
.bar-failed { fill: var(--bar-failed); background: var(--bar-failed); }
.chart-bottom { position: absolute; right: 0; top: 10.2rem; color: var(--soft); font-size: 0.78rem; }
.price-past, .price-next { fill: none; stroke: var(--link); stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.price-next { stroke-dasharray: 6 5; }
.price-now { stroke: var(--amber); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.legend .mark-now { width: 2px; height: 0.9rem; margin-bottom: -0.15rem; background: var(--amber); }
.legend .mark-next { width: 1.3rem; height: 0; border-top: 2.5px dashed var(--link); border-radius: 0; margin-bottom: 0.2rem; }
.chart-axis { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.78rem; margin-top: 0.35rem; }
.chart-top { position: absolute; right: 0; top: -0.1rem; color: var(--soft); font-size: 0.78rem; background: var(--card); padding-left: 0.35rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.1rem; font-size: 0.8125rem; color: var(--soft); margin-top: 0.85rem; }
.legend i { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 3px; margin-right: 0.4rem; }

.reasons li { padding: 0.5rem 0; display: grid; grid-template-columns: 1fr auto; gap: 0.1rem 1rem; }
.reasons li + li { border-top: 1px solid var(--line); }
.reasons svg { grid-column: 1 / -1; width: 100%; height: 0.35rem; }
.track { fill: var(--calm-back); }

.scenario { padding: 1.1rem 1.25rem; display: grid; gap: 0.85rem 1.5rem; }
.scenario + .scenario { border-top: 1px solid var(--line); }
.scenario h3 { font-size: 1.0625rem; display: flex; flex-wrap: wrap; gap: 0.35rem 0.6rem; align-items: center; }
.scenario h3 a { color: inherit; text-decoration-color: var(--line-strong); }
.scenario p { color: var(--soft); margin-top: 0.25rem; max-width: 62ch; }
.counts { display: grid; grid-template-columns: repeat(4, minmax(0, max-content)); gap: 0.5rem 1.5rem; }
.counts div { display: flex; flex-direction: column-reverse; justify-content: flex-end; min-width: 3.4rem; }
.counts dt { color: var(--soft); font-size: 0.78rem; }
.counts dd { font: 600 1.125rem / 1.25 var(--sans); font-variant-numeric: tabular-nums; }
.counts .zero { color: var(--soft); font-weight: 400; }
@media (min-width: 48rem) {
  .counts { grid-template-columns: repeat(8, minmax(0, max-content)); }
}
.lines-named th[scope="row"] { min-width: 8rem; }
.lines-named .end + :last-child { padding-left: 1rem; }
.counts-few { grid-template-columns: repeat(4, minmax(0, max-content)) !important; }
.feed-form { display: grid; gap: 0.9rem; max-width: 34rem; }
@media (min-width: 62rem) {
  .scenario { grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
}

.feed > li { display: grid; gap: 0.15rem 1rem; padding: 0.8rem 1.25rem; }
.feed > li + li { border-top: 1px solid var(--line); }
.feed-line { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.6rem; }
.feed-line strong { font-weight: 600; min-width: 0; overflow-wrap: anywhere; }
.feed-about { display: flex; flex-wrap: wrap; gap: 0.1rem 0.5rem; color: var(--soft); font-size: 0.8375rem; }
.feed > li > *, .feed-about > * { min-width: 0; }
.feed-about > :not(:last-child)::after { content: "·"; margin-left: 0.5rem; text-decoration: none; display: inline-block; }
.feed form { margin-top: 0.35rem; }
.feed button, .feed a.button { min-height: 2.1rem; padding-inline: 0.85rem; font-size: 0.8125rem; }
.feed time { color: var(--soft); font-size: 0.8375rem; font-variant-numeric: tabular-nums; }
@media (min-width: 48rem) {
  .feed > li { grid-template-columns: 6.75rem minmax(0, 1fr); }
  .feed > li > * { grid-column: 2; }
  .feed > li > :is(time, strong):first-child { grid-column: 1; grid-row: 1 / span 3; padding-top: 0.1rem; }
  .columns .narrow .feed > li { grid-template-columns: minmax(0, 1fr); }
  .columns .narrow .feed > li > *, .columns .narrow .feed > li > :is(time, strong):first-child { grid-column: 1; grid-row: auto; }
}
.choose { display: grid; gap: 0.85rem; }
.choose label { display: grid; gap: 0.35rem; min-width: 0; }
.choose button { justify-self: start; }
@media (min-width: 48rem) {
  .choose { grid-template-columns: minmax(0, 22rem) minmax(0, 16rem) auto; align-items: end; }
}
details { font-size: 0.8375rem; }
summary { cursor: pointer; color: var(--soft); width: max-content; max-width: 100%; padding-block: 0.15rem; }
summary:hover { color: var(--ink); }
details[open] summary { color: var(--ink); margin-bottom: 0.35rem; }
pre { padding: 0.75rem 0.9rem; border-radius: 8px; background: var(--raised); border: 1px solid var(--line); overflow-x: auto; max-height: 22rem; font-size: 0.8rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: 0.35rem 1.1rem; }
.facts dt { color: var(--soft); font-size: 0.8375rem; padding-top: 0.05rem; }
.facts dd { overflow-wrap: anywhere; }
.marks li { padding-left: 1rem; position: relative; }
.marks li::before { content: "–"; position: absolute; left: 0; color: var(--soft); }
.inputs { padding: 0.6rem 0.9rem; border-radius: 8px; background: var(--raised); border: 1px solid var(--line); }
.inputs dt, .inputs dd { font-family: var(--mono); font-size: 0.8rem; }

.lines { width: 100%; border-collapse: collapse; }
.lines th, .lines td { padding: 0.45rem 0.75rem 0.45rem 0; text-align: left; border-top: 1px solid var(--line); vertical-align: baseline; font-weight: 400; }
.lines thead th { border-top: 0; overflow-wrap: normal; color: var(--soft); font-size: 0.78rem; padding-top: 0; }
.lines td:last-child, .lines th:last-child { padding-right: 0; }
.lines .end { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.lines tfoot td, .lines tfoot th { font-weight: 600; }
.scroll { overflow-x: auto; }

.path { position: relative; }
.path > li { position: relative; padding: 0 0 1.1rem 3rem; }
.path > li::before { content: ""; position: absolute; left: 1.05rem; top: 0; bottom: 0; width: 2px; background: var(--line-strong); }
.path > li:first-child::before { top: 1rem; }
.path > li:last-child::before { bottom: auto; height: 1rem; }
.path > li:last-child { padding-bottom: 0; }
.path > li:only-child::before { display: none; }
.path-sign { position: absolute; left: 0; top: 0; width: 2.2rem; height: 2.2rem; border-radius: 50%; display: grid; place-items: center; background: var(--calm-back); color: var(--calm); box-shadow: 0 0 0 4px var(--card); }
.path-sign svg { width: 1.15rem; height: 1.15rem; }
.path-start .path-sign { background: var(--action); color: var(--on-action); }
.path-action .path-sign { background: var(--live-back); color: var(--live); }
.path-wait .path-sign { background: var(--wait-back); color: var(--wait); }
.path-exit .path-sign { background: var(--calm-back); color: var(--calm); }
.path-filter .path-sign { background: var(--good-back); color: var(--good); }
.path-unknown .path-sign { background: var(--bad-back); color: var(--bad); }
.path-title { padding-top: 0.35rem; font-weight: 600; }
.path-title code { font-weight: 400; color: var(--soft); margin-left: 0.35rem; }
.path-pills { display: flex; flex-wrap: wrap; gap: 0.3rem; margin-top: 0.4rem; }
.path-why { margin-top: 0.35rem; font-size: 0.8375rem; color: var(--soft); }
.path-fork { display: grid; gap: 1rem; align-items: start; padding: 0.25rem 0 1.1rem; }
.path > li.path-branches { padding-left: 0; }
.path > li.path-branches::before { display: none; }
.branch { border: 1px dashed var(--line-strong); border-radius: var(--round); padding: 0.9rem 0.9rem 1rem; background: var(--raised); }
.branch > h3 { font: 600 0.8125rem / 1.3 var(--sans); margin: 0 0 0.8rem; color: var(--soft); }
.branch .path-sign { box-shadow: 0 0 0 4px var(--raised); }
@media (min-width: 48rem) {
  .path-fork { grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
}
`;
