/** Colours and type of the console, and of the pages that exist on a developer's machine only. */
export const TOKENS = `
:root {
  color-scheme: light dark;
  --paper: #f6f4ef;
  --card: #ffffff;
  --raised: #fbfaf7;
  --ink: #1b2232;
  --soft: #596173;
  --line: #e4dfd5;
  --line-strong: #cfc8ba;
  --night: #1d2942;
  --on-night: #f4f1ea;
  --link: #27509b;
  --action: #1d2942;
  --on-action: #ffffff;
  --amber: #e2a94c;
  --good: #14694a;
  --good-back: #e0f2e9;
  --live: #27509b;
  --live-back: #e5edfb;
  --wait: #855000;
  --wait-back: #fcefd6;
  --calm: #4c5568;
  --calm-back: #eceef2;
  --bad: #a32d1b;
  --bad-back: #fbe6e1;
  --bar-sent: #2c8a64;
  --bar-waiting: #e2a94c;
  --bar-withheld: #b9bfcb;
  --bar-failed: #cf4b34;
  --shadow: 0 1px 2px rgb(27 34 50 / 0.05), 0 4px 16px rgb(27 34 50 / 0.05);
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --edge: clamp(1rem, 3.2vw, 2.5rem);
  --wide: 76rem;
  --round: 12px;
}

@media (prefers-color-scheme: dark) {
  :root {
    --paper: #10131a;
    --card: #181d27;
    --raised: #1d2330;
    --ink: #e9ebf1;
    --soft: #a2aabc;
    --line: #2b3242;
    --line-strong: #424b60;
    --night: #0b0e14;
    --link: #9db8f5;
    --action: #dfe6f7;
    --on-action: #131a29;
    --good: #7fd6ae;
    --good-back: #15332a;
    --live: #a3bffa;
    --live-back: #1c2c4d;
    --wait: #f3c777;
    --wait-back: #3a2c11;
    --calm: #bcc4d4;
    --calm-back: #293040;
    --bad: #ff9e8c;
    --bad-back: #43201a;
    --bar-sent: #4bb489;
    --bar-waiting: #d9a24a;
    --bar-withheld: #4b566c;
    --bar-failed: #e0654f;
    --shadow: none;
  }
}
`;

/** What every page shares: type, links, forms, pills. */
export const BASE = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 400 0.9375rem / 1.5 var(--sans);
  overflow-wrap: anywhere;
}
h1, h2, h3, p, ul, ol, dl, dd, figure, fieldset, pre { margin: 0; padding: 0; }
ul, ol { list-style: none; }
h1 { font: 500 clamp(1.6rem, 1.3rem + 1.4vw, 2.1rem) / 1.2 var(--serif); letter-spacing: -0.01em; text-wrap: balance; }
h2 { font: 600 1.0625rem / 1.3 var(--sans); letter-spacing: -0.005em; }
h3 { font: 600 0.9375rem / 1.35 var(--sans); }
a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
code, pre, .mono { font-family: var(--mono); font-size: 0.86em; }
small, .small { font-size: 0.8125rem; }
.soft { color: var(--soft); }
.number { font-variant-numeric: tabular-nums; }
.nowrap { white-space: nowrap; }
:focus-visible { outline: 3px solid var(--amber); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
.skip { position: absolute; left: var(--edge); top: -5rem; z-index: 9; padding: 0.6rem 1rem; background: var(--card); border-radius: 0 0 8px 8px; }
.skip:focus { top: 0; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.wide { max-width: calc(var(--wide) + 2 * var(--edge)); margin: 0 auto; padding-inline: var(--edge); width: 100%; }

.button, button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.4rem;
  min-height: 2.5rem; padding: 0.4rem 1rem;
  border: 1px solid var(--line-strong); border-radius: 999px;
  background: var(--card); color: var(--ink);
  font: 600 0.875rem / 1.2 var(--sans); text-decoration: none; cursor: pointer;
}
.button:hover, button:hover { border-color: var(--ink); }
.button-main { background: var(--action); color: var(--on-action); border-color: var(--action); }
.button-main:hover { filter: brightness(1.15); }
.button-stop { background: var(--bad); color: var(--card); border-color: var(--bad); }
.button-quiet { border-color: transparent; background: none; color: var(--link); padding-inline: 0.5rem; }
input:is([type="text"], [type="search"], [type="password"], [type="email"], [type="number"], [type="url"]), select {
  min-height: 2.5rem; width: 100%; padding: 0.4rem 0.75rem;
  border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.3 var(--sans);
}
label { font-weight: 600; font-size: 0.875rem; }
.field { display: grid; gap: 0.35rem; }

.pill {
  display: inline-flex; align-items: center; gap: 0.35rem;
  padding: 0.1rem 0.6rem 0.1rem 0.5rem; border-radius: 999px;
  font: 600 0.78rem / 1.45 var(--sans); white-space: nowrap;
  background: var(--calm-back); color: var(--calm);
}
.pill::before { content: ""; width: 0.45rem; height: 0.45rem; border-radius: 50%; background: currentColor; flex: none; }
.pill-good { background: var(--good-back); color: var(--good); }
.pill-live { background: var(--live-back); color: var(--live); }
.pill-wait { background: var(--wait-back); color: var(--wait); }
.pill-bad { background: var(--bad-back); color: var(--bad); }
.pill-calm::before { background: none; box-shadow: inset 0 0 0 2px currentColor; }
.pill-wait::before { border-radius: 1px; }
.pill-bad::before { border-radius: 0; transform: rotate(45deg); }

.tabs { display: flex; flex-wrap: wrap; gap: 0.3rem; }
.tabs a {
  display: inline-flex; align-items: center; min-height: 2.25rem; padding: 0 0.85rem;
  border-radius: 999px; color: var(--soft); text-decoration: none; font-weight: 600; font-size: 0.85rem;
}
.tabs a:hover { background: var(--calm-back); color: var(--ink); }
.tabs a[aria-current] { background: var(--action); color: var(--on-action); }
@media (pointer: coarse) {
  .button, button, .tabs a, input:is([type="text"], [type="search"], [type="password"], [type="email"], [type="number"], [type="url"]), select { min-height: 2.75rem; }
}
`;
