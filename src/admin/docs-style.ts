/** The look of the reference page; one sheet, so that its hash can stand in the page's policy. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: #1d1b19; --soft: #6b655e; --line: #e4dfd8; --paper: #fbfaf8; --card: #fff;
  --accent: #a4471f; --code: #f3f0eb; }
@media (prefers-color-scheme: dark) { :root { --ink: #eeeae4; --soft: #a59d93; --line: #37332e; --paper: #171513;
  --card: #1f1c1a; --accent: #e8916a; --code: #2a2622; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 3px; }
a:hover { color: var(--accent); text-decoration-color: currentColor; }
.page { display: grid; grid-template-columns: 19rem minmax(0, 1fr); max-width: 84rem; margin: 0 auto; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto;
  padding: 2rem 1.5rem; font-size: .875rem; }
nav h2 { margin: 1.5rem 0 .25rem; font-size: .75rem; letter-spacing: .04em; color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; padding: .1rem 0; }
nav a { text-decoration: none; }
.verb { display: inline-block; min-width: 2.6rem; font-size: .6875rem; color: var(--soft); }
main { padding: 2rem 1.5rem 6rem; border-left: 1px solid var(--line); min-width: 0; }
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; }
main > p { max-width: 44rem; color: var(--soft); }
main h2 { margin: 3.5rem 0 1rem; font-size: 1.375rem; }
article { margin: 1rem 0; padding: 1.25rem 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
article h3 { margin: 0; font: 600 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
article h3 a { text-decoration: none; }
article p { margin: .35rem 0 0; max-width: 46rem; }
article h4 { margin: 1.25rem 0 .35rem; font-size: .8125rem; color: var(--soft); font-weight: 600; }
.method { display: inline-block; min-width: 3.5rem; color: var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
td { padding: .35rem 1rem .35rem 0; border-top: 1px solid var(--line); vertical-align: top; }
td:first-child { white-space: nowrap; width: 10rem; }
td:nth-child(2) { width: 9rem; }
article h4:empty { display: none; }
article h4 a { font: .8125rem ui-monospace, monospace; color: var(--accent); }
code, pre { font: .8125rem/1.6 ui-monospace, monospace; }
pre { margin: 0; padding: .9rem 1.1rem; background: var(--code); border-radius: 6px;
  overflow: auto; white-space: pre-wrap; }
.soft { color: var(--soft); }
@media (max-width: 52rem) { .page { display: block; } nav { position: static; max-height: none; padding-bottom: 0; }
  nav ul { display: none; } nav h2 { display: inline-block; margin: .25rem 1rem .25rem 0; font-size: .875rem; }
  main { border: 0; } }
@media print { nav { display: none; } .page { display: block; } article { break-inside: avoid; } }
`;
