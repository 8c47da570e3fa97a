/** Colours of a family's segments, best first; the words beside them say the same. */
const HUES = [
  "#1f6f54",
  "#3b9a6d",
  "#8cc084",
  "#2f5fa8",
  "#6c94d6",
  "#a9c3ee",
  "#e2a94c",
  "#c97f3a",
  "#b3563a",
  "#8f4a6b",
  "#6a5a8c",
  "#8a90a0",
].map((hue, index) => `.hue-${index} { fill: ${hue}; background: ${hue}; }`);

/** The pages of segments: the form of a rule, sizes, and why somebody is in or out. */
export const SEGMENTS_STYLE = `
.builder input[type="date"], .builder textarea, .builder input[type="text"], .builder select {
  min-height: 2.5rem; padding: 0.4rem 0.65rem; border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.3 var(--sans); max-width: 100%;
}
.builder select { width: auto; min-width: 0; }
.builder input[aria-invalid], .builder select[aria-invalid], .builder textarea[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.builder input[readonly] { background: var(--raised); color: var(--soft); }
.builder textarea { width: 100%; resize: vertical; }
.builder fieldset { border: 0; margin: 0; padding: 0; min-width: 0; }
.wrong { color: var(--bad); font-size: 0.8125rem; font-weight: 600; }
.wrong:empty { display: none; }
.part { display: grid; gap: 0.25rem; min-width: 0; align-content: start; }
.part > label, .part > legend { font-size: 0.8125rem; }
.pair { display: grid; gap: 0.9rem 1rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.pair input[type="text"] { width: 100%; }
.across { grid-column: 1 / -1; }
.stack-small > * + *, .builder .stack-small > * + * { margin-top: 0.75rem; }
.turned { font-weight: 400; font-size: 0.875rem; }
.builder input[type="checkbox"] { width: 1.1rem; height: 1.1rem; margin: 0; vertical-align: -0.2rem; accent-color: var(--live); }

.builder .rule-group, .rule-nodes, .filters, .builder-side { display: grid; grid-template-columns: minmax(0, 1fr); }
.builder .rule-group { gap: 0.75rem; }
.builder .rule-nodes > li > .rule-group { border: 1px solid var(--line-strong); border-radius: var(--round); padding: 0.8rem; }
.builder .rule-condition { border: 1px solid var(--line); border-radius: 10px; background: var(--raised); padding: 0.35rem 0.8rem 0.6rem; }
.rule-title { padding: 0.25rem 0 0.45rem; font-weight: 600; font-size: 0.9rem; }
.rule-head, .rule-add, .rule-more { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 0.75rem; }
.builder .rule-head select { font-weight: 600; }
.rule-more { margin-top: 0.5rem; gap: 0.1rem 0.75rem; }
.rule-more .button-quiet { min-height: 2rem; padding-inline: 0; font-size: 0.8125rem; }
.rule-nodes { gap: 0.6rem; }
.rule-add select { flex: 0 1 16rem; }
.parts { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.5rem 0.6rem; }
.parts:has(> .part > .wrong:not(:empty)) { align-items: flex-start; }
.parts > .part { flex: 0 1 auto; max-width: 100%; }
.optional:has(> .filters) { align-items: flex-start; }
.parts > .optional, .parts > .filters, .parts > p, .either { flex: 1 1 100%; }
.either { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 0.5rem 0.6rem; }
.optional { display: flex; align-items: flex-end; gap: 0.25rem; min-width: 0; }
.optional > :first-child { min-width: 0; }
.optional > .filters { flex: 1; }
.optional > .button-quiet { font-size: 1.15rem; min-width: 2.5rem; flex: none; color: var(--soft); }
.filters { gap: 0.45rem; }
.builder .filters { padding: 0.1rem 0 0.1rem 0.75rem; border-left: 2px solid var(--line-strong); }
.filters-title { font-size: 0.8125rem; font-weight: 600; }
.filters > .button-quiet { justify-self: start; min-height: 2rem; padding-inline: 0; font-size: 0.8125rem; }
.with-unit { display: inline-flex; align-items: center; gap: 0.4rem; flex-wrap: wrap; }
.unit { color: var(--soft); font-size: 0.875rem; }
.builder input.short { width: 6.5rem; }
.ticks { display: flex; flex-wrap: wrap; gap: 0.35rem 1rem; }
.ticks label { font-weight: 400; }
.builder-side { gap: 1.25rem; }
.builder-side .card { margin: 0; }
.preview-count { font: 600 1.25rem / 1.2 var(--sans); letter-spacing: -0.01em; font-variant-numeric: tabular-nums; margin-right: auto; }
.builder-bar {
  position: sticky; bottom: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1rem; margin-top: 1.25rem;
  padding: 0.75rem 1.25rem; background: var(--card); border: 1px solid var(--line-strong); border-radius: var(--round); box-shadow: 0 0 0 0.5rem var(--paper);
}
.bar-bad { color: var(--bad); font-weight: 600; font-size: 0.875rem; }
html:has(.builder-bar) { scroll-padding-bottom: 6rem; }
.builder[aria-busy] .preview-count { opacity: 0.6; }
#meaning > * + * { margin-top: 0.6rem; }
@media (min-width: 62rem) {
  .builder-side { position: sticky; top: 1rem; }
}

.starts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
.starts a { font-weight: 600; }
.size-spark polyline { fill: none; stroke: var(--link); stroke-width: 2; vector-effect: non-scaling-stroke; }
.size-spark polygon { fill: var(--live-back); }
.meanings { display: grid; gap: 0.6rem; }
.swatch { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 3px; margin-right: 0.4rem; }
.ask { display: grid; gap: 0.35rem; }
.ask input { flex: 1 1 12rem; width: auto; min-width: 0; }
.why, .why ul { display: grid; gap: 0.35rem; }
.why ul { margin-top: 0.35rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.sign-yes { color: var(--good); font-weight: 700; }
.sign-no { color: var(--bad); font-weight: 700; }

${HUES.join("\n")}
`;
