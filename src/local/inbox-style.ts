/** What the inbox adds to the console's sheet: the list of messages, the frame of a letter, the phone. */
export const INBOX_SHEET = `
.filter { display: flex; flex-wrap: wrap; flex: 0 1 30rem; gap: 0.5rem; align-items: end; }
.filter .field { flex: 0 1 9rem; }
.filter .field + .field { flex: 1 1 14rem; }
.mail > li { border-top: 1px solid var(--line); }
.mail > li:first-child { border-top: 0; }
.mail > li > a {
  display: grid; grid-template-columns: 2.4rem minmax(0, 1fr) auto; gap: 0 1rem; align-items: start;
  padding: 0.9rem 1.25rem; color: inherit; text-decoration: none;
}
.mail > li > a:hover { background: var(--raised); }
.mail-sign { grid-row: 1 / span 3; width: 2.4rem; height: 2.4rem; border-radius: 50%; display: grid; place-items: center; background: var(--live-back); color: var(--live); }
.mail-sign svg { width: 1.25rem; height: 1.25rem; }
.mail-sms { background: var(--good-back); color: var(--good); }
.mail strong { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.mail time { color: var(--soft); font-size: 0.8375rem; }
.mail p { grid-column: 2 / -1; color: var(--soft); font-size: 0.875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }

.letter { background: var(--card); border: 1px solid var(--line); border-radius: var(--round); padding: 1rem 1.25rem; margin-bottom: 1.25rem; }
.widths { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; margin-bottom: 0.9rem; }
.frame input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.frame-choice { display: inline-flex; gap: 0.25rem; margin-bottom: 0.9rem; padding: 0.2rem; border-radius: 999px; background: var(--calm-back); }
.frame-choice label { padding: 0.35rem 1rem; border-radius: 999px; cursor: pointer; color: var(--soft); }
#width-desktop:checked ~ .frame-choice [for="width-desktop"],
#width-phone:checked ~ .frame-choice [for="width-phone"] { background: var(--card); color: var(--ink); box-shadow: 0 1px 3px rgb(0 0 0 / 0.15); }
#width-desktop:focus-visible ~ .frame-choice [for="width-desktop"],
#width-phone:focus-visible ~ .frame-choice [for="width-phone"] { outline: 3px solid var(--amber); outline-offset: 2px; }
.frame iframe { display: block; width: 100%; height: min(64rem, 82vh); margin: 0 auto; border: 1px solid var(--line); border-radius: 8px; background: #fff; }
#width-phone:checked ~ iframe { width: min(390px, 100%); height: min(52rem, 82vh); border: 10px solid var(--night); border-radius: 34px; }
@media (prefers-color-scheme: dark) {
  #width-phone:checked ~ iframe { border-color: #000; }
}
@media (max-width: 40rem) {
  .frame-choice { display: none; }
  .frame iframe, #width-phone:checked ~ iframe { width: 100%; border: 1px solid var(--line); border-radius: 8px; }
}
.phone { width: min(390px, 100%); margin: 0 auto; padding: 1rem 1rem 2.5rem; border: 10px solid var(--night); border-radius: 34px; background: var(--paper); min-height: 26rem; }
.phone h3 { text-align: center; padding-bottom: 0.75rem; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
.bubble { width: fit-content; max-width: 88%; padding: 0.7rem 0.95rem; border-radius: 18px 18px 18px 5px; background: var(--calm-back); color: var(--ink); white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.4; }
.phone time { display: block; text-align: center; color: var(--soft); font-size: 0.78rem; margin-bottom: 0.75rem; }
.plain { white-space: pre-wrap; max-height: none; font-size: 0.875rem; }
`;
