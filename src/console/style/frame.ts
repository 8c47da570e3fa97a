/** The frame of a page: bars at the top, sections, notes, the login. */
export const FRAME = `
.top { background: var(--night); color: var(--on-night); }
.top-row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 1.25rem; padding-block: 0.6rem; }
.top a { color: inherit; }
.brand { display: inline-flex; align-items: center; gap: 0.55rem; text-decoration: none; font: 500 1.25rem / 1 var(--serif); }
.brand svg { width: 1.75rem; height: 1.75rem; flex: none; }
.brand small { font: 500 0.8125rem / 1.2 var(--sans); opacity: 0.75; border-left: 1px solid rgb(255 255 255 / 0.25); padding-left: 0.6rem; margin-left: 0.1rem; }
.menu { order: 3; flex: 1 1 100%; min-width: 0; }
.menu ul { display: flex; flex-wrap: wrap; gap: 0.1rem; margin-inline: -0.6rem; }
.menu a {
  display: inline-flex; align-items: center; min-height: 2.5rem; padding: 0 0.6rem;
  text-decoration: none; font-weight: 600; font-size: 0.9rem; opacity: 0.8;
}
.menu-groups a { border-bottom: 3px solid transparent; padding-top: 3px; }
.menu-groups a[aria-current] { border-bottom-color: var(--amber); }
.menu-sections { padding-top: 0.3rem; border-top: 1px solid rgb(255 255 255 / 0.16); }
.menu-sections a { border-radius: 8px; min-height: 2.25rem; font-weight: 500; font-size: 0.875rem; }
.menu a:hover { opacity: 1; background: rgb(255 255 255 / 0.08); }
.menu a[aria-current] { opacity: 1; }
.menu-sections a[aria-current] { background: rgb(255 255 255 / 0.14); }
.top-end { order: 1; display: flex; align-items: center; gap: 0.35rem; }
.languages { display: flex; font-size: 0.85rem; }
.languages a { display: inline-grid; place-items: center; min-width: 2.2rem; min-height: 2.5rem; text-decoration: none; font-weight: 600; opacity: 0.65; }
.languages a[aria-current] { opacity: 1; text-decoration: underline; text-decoration-thickness: 2px; text-underline-offset: 0.35em; }
.top button { padding-inline: 0.8rem; background: none; border-color: rgb(255 255 255 / 0.3); color: inherit; min-height: 2.25rem; }
.top button:hover { border-color: currentColor; }
.seek { flex: 0 1 17rem; margin-left: auto; }
.find { display: flex; }
.find input { min-height: 2.25rem; background: rgb(255 255 255 / 0.1); border-color: transparent; color: inherit; border-radius: 999px; padding-inline: 0.95rem; font-size: 0.875rem; }
.find input::placeholder { color: inherit; opacity: 0.65; }

@media (max-width: 30rem) {
  .top-row { column-gap: 0.4rem; }
  .top .brand small { display: none; }
  .menu a { min-height: 2.75rem; padding-inline: 0.5rem; }
  .menu ul { margin-inline: -0.5rem; }
  .menu .menu-groups { justify-content: space-between; gap: 0; }
  .menu-groups a { padding-inline: 0.35rem; font-size: 0.875rem; }
}
@media (max-width: 54rem) {
  .top-end { margin-left: auto; }
  .seek { order: 2; flex: 1 1 100%; margin-left: 0; }
}

.ribbon { background: #fdf1da; color: #4b3a17; border-bottom: 1px solid #efd9ae; font-size: 0.875rem; }
.ribbon-row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem 1.25rem; padding-block: 0.5rem; }
.ribbon p { margin-right: auto; }
.ribbon a { color: inherit; }
.ribbon form { display: flex; gap: 0.35rem; }
.ribbon button { min-height: 2rem; padding: 0 0.75rem; border-color: #b98d3c; background: #fffaf0; color: inherit; font-size: 0.8125rem; }
.ribbon button:hover { background: #ffe9bd; border-color: #7d5c1c; }
@media (prefers-color-scheme: dark) {
  .ribbon { background: #2b2312; color: #f0dcae; border-color: #4a3b1b; }
  .ribbon button { background: #3b3018; border-color: #7d6530; }
  .ribbon button:hover { background: #54441f; border-color: #d9b565; }
}

main { display: block; padding-block: clamp(1.25rem, 3vw, 2.25rem) 4rem; }
.head { display: flex; flex-wrap: wrap; align-items: end; justify-content: space-between; gap: 0.75rem 1.5rem; margin-bottom: 1.25rem; }
.head > * { min-width: 0; }
.head p { color: var(--soft); margin-top: 0.3rem; max-width: 60ch; }
.crumb { font-size: 0.85rem; margin-bottom: 0.35rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); box-shadow: var(--shadow); min-width: 0; }
.card + .card, .card + .columns, .stack > * + * { margin-top: 1.25rem; }
.card-head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.3rem 1rem; padding: 1rem 1.25rem 0.75rem; }
.card-head p { color: var(--soft); font-size: 0.85rem; flex-basis: 100%; }
.card-body { padding: 0 1.25rem 1.25rem; }
.columns { display: grid; gap: 1.25rem; align-items: start; margin-bottom: 1.25rem; }
.columns > * { margin-top: 0 !important; min-width: 0; }
.columns-level { align-items: stretch; }
.columns-level > .card { display: flex; flex-direction: column; }
.columns-level > .card > .card-body { flex: 1; }
@media (min-width: 62rem) {
  .columns { grid-template-columns: minmax(0, 1.9fr) minmax(0, 1fr); }
  .columns-even { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: stretch; }
}
.note { padding: 0.75rem 1rem; border-left: 3px solid var(--amber); border-radius: 0 8px 8px 0; background: var(--wait-back); color: var(--wait); margin-bottom: 1.25rem; }
.note-bad { border-color: var(--bad); background: var(--bad-back); color: var(--bad); }
.note-good { border-color: var(--good); background: var(--good-back); color: var(--good); }
.note strong { font-weight: 650; }
.empty { padding: 1.5rem 1.25rem 1.75rem; color: var(--soft); text-align: center; }
.empty strong { display: block; color: var(--ink); font-weight: 600; margin-bottom: 0.25rem; }
.empty .button { margin-top: 0.9rem; }
.more { padding: 0.75rem 1.25rem; border-top: 1px solid var(--line); font-size: 0.875rem; font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }

.standing { display: flex; flex-wrap: wrap; gap: 0.4rem 1.5rem; align-items: center; margin-bottom: 1.25rem; font-size: 0.875rem; }
.standing li { display: inline-flex; gap: 0.45rem; align-items: center; }
.standing form { display: inline; }
.foot { border-top: 1px solid var(--line); padding-block: 1.1rem 2rem; color: var(--soft); font-size: 0.8125rem; }

.gate { min-height: 100vh; display: grid; place-items: center; padding: 1.25rem; background: var(--night); }
.gate-card { width: min(25rem, 100%); background: var(--card); color: var(--ink); border-radius: 16px; padding: 2rem 1.75rem; display: grid; gap: 1.25rem; }
.gate-card .brand { color: var(--ink); font-size: 1.4rem; }
.gate-card h1 { font-size: 1.5rem; }
.gate-card form { display: grid; gap: 1rem; }
.gate-card .button-main { width: 100%; min-height: 2.9rem; }
.gate-card .languages { color: var(--soft); margin-left: -0.75rem; }
.gate-card .note { margin: 0; }
`;
