/** The pages of imports: the form with its file, and how far a file is. */
export const IMPORTS_STYLE = `
.import-form { display: grid; gap: 1.1rem; max-width: 54rem; }
.import-form .hint { color: var(--soft); font-size: 0.8125rem; font-weight: 400; }
.import-form fieldset { border: 0; display: grid; gap: 0.6rem; }
.import-form legend { padding: 0; margin-bottom: 0.6rem; max-width: 70ch; }
.import-form .pairs { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); }
.import-form input[type="file"], .import-form input[type="date"] {
  width: 100%; min-height: 2.75rem; padding: 0.4rem 0.75rem; border: 1px solid var(--line-strong); border-radius: 8px;
  background: var(--card); color: var(--ink); font: 400 0.9375rem / 1.6 var(--sans);
}
.import-form input[type="file"] { border-style: dashed; background: var(--raised); }
.import-form input::file-selector-button {
  margin-right: 0.75rem; padding: 0.25rem 0.8rem; border: 1px solid var(--line-strong); border-radius: 999px;
  background: var(--card); color: var(--ink); font: 600 0.8125rem / 1.4 var(--sans); cursor: pointer;
}
.import-form .button-main { justify-self: start; }
.progress { margin-bottom: 1.25rem; }
.progress progress { width: 100%; height: 0.6rem; margin-top: 0.4rem; accent-color: var(--bar-sent); }
`;
