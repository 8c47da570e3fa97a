/** The pages of scenarios: passages step by step, who waits where, what is published. */
export const SCENARIOS_STYLE = `
.ask select { flex: 1 1 14rem; width: auto; min-width: 0; max-width: 100%; }
.step-waits { background: var(--live-back); }
.step-waits .pill { background: var(--card); }
.step-waits:last-child { border-radius: 0 0 var(--round) var(--round); }
.step-left .feed-line, .step-refused .feed-line { font-weight: 600; }
.feed .step-message, .feed .step-act { border-top: 0; padding-top: 0; }
.filter { margin-bottom: 1.25rem; }
.changes li { display: flex; flex-wrap: wrap; gap: 0.3rem 0.75rem; align-items: baseline; padding: 0.45rem 0; }
.changes li + li { border-top: 1px solid var(--line); }
.choices { border: 0; display: grid; gap: 0.75rem; min-width: 0; }
.choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.1rem 0.6rem; align-items: center; }
.choice input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: var(--live); }
.choice p { grid-column: 2; }
.choice-more { margin-left: 1.75rem; }
.choice-more input { max-width: 7rem; }
/* What belongs to one answer stands there where it is the one chosen. */
.choices:not(:has(#runs-beside:checked)) .choice-more { display: none; }
form:has(#runs-keep:checked, #runs-beside:checked) .if-migrate { display: none; }
.positions th[scope="row"] span { font-weight: 500; }
.inputs-words dt, .inputs-words dd { font-family: inherit; }
@media (min-width: 48rem) {
  .feed > .step-message > time:first-child, .feed > .step-act > time:first-child { padding-top: 0; }
}
`;
