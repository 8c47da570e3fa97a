import { sha256 } from "@noble/hashes/sha2.js";

/** The look of every page that a shopper sees from here: the paper, ink and lamplight of the letters. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f3ece1;--sheet:#fffcf7;--tint:#f8f0e4;--ink:#2a241e;--soft:#6b5f54;--rule:#e6dccd;
--edge:#8d7f70;--accent:#8f5219;--glow:#e3a34f;--on-ink:#fff8ec;--bad:#9c2f1f;--bad-tint:#fbeae4;--good-tint:#eef2e4;--good:#45591f}
@media (prefers-color-scheme:dark){:root{--page:#14100c;--sheet:#1f1914;--tint:#2a221b;--ink:#f4eadc;--soft:#c2b3a1;
--rule:#3d332a;--edge:#8d7f70;--accent:#edb566;--glow:#edb566;--on-ink:#1f1914;--bad:#f2a490;--bad-tint:#3a211b;
--good-tint:#262b1b;--good:#c4d69a}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:17px/1.65 Georgia,'Times New Roman',serif;
-webkit-text-size-adjust:100%}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:1rem;background:var(--sheet);padding:.5rem 1rem;z-index:1}
.sheet{max-width:38rem;margin:0 auto;padding:0 1.25rem 3rem}
header{padding:2.5rem 0 1.75rem;text-align:center}
.lamp{display:block;width:48px;height:24px;margin:0 auto;border-radius:48px 48px 0 0;background:var(--glow)}
.brand{display:block;border-top:1px solid var(--edge);padding-top:1rem;font-size:.85rem;letter-spacing:.25em;
text-transform:uppercase;text-decoration:none;color:var(--ink);overflow-wrap:anywhere}
main{background:var(--sheet);border-radius:4px;padding:2.75rem 3rem;box-shadow:0 1px 2px rgb(42 36 30/.06),0 12px 40px rgb(42 36 30/.06)}
h1{font-size:2rem;line-height:1.2;font-weight:400;letter-spacing:-.01em;margin:0 0 1rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;font-weight:400;margin:0 0 .75rem}
h3{font-size:1.02rem;font-weight:700;margin:1.4rem 0 .4rem}
p{margin:0 0 1.1rem}.soft{color:var(--soft)}.small{font-size:.9rem;line-height:1.55}
section{border-top:1px solid var(--rule);margin-top:2rem;padding-top:1.75rem}
a{color:inherit;text-underline-offset:.2em}
label,legend{display:block}
.field{margin:0 0 1.25rem}.field label{font-weight:700;margin-bottom:.3rem}
.field .soft{margin:.3rem 0 0}
input[type=email],input[type=tel],input[type=text]{width:100%;font:inherit;color:inherit;background:var(--tint);
border:1px solid var(--edge);border-radius:3px;padding:.7rem .85rem;min-height:3rem}
input[aria-invalid=true]{border-color:var(--bad);border-width:2px}
.wrong{color:var(--bad);margin:.35rem 0 0;font-size:.95rem}
fieldset{border:0;margin:0 0 1.5rem;padding:0}legend{font-weight:700;padding:0;margin-bottom:.4rem}
.choice{display:grid;grid-template-columns:1.5rem 1fr;gap:.75rem;align-items:start;padding:.7rem 0;
border-bottom:1px solid var(--rule);cursor:pointer}
fieldset>.choice:last-child{border-bottom:0}
.choice input{width:1.35rem;height:1.35rem;margin:.2rem 0 0;accent-color:var(--accent)}
.choice small{display:block;color:var(--soft);font-size:.9rem;line-height:1.5}
button{font:700 1rem/1.4 'Helvetica Neue',Helvetica,Arial,sans-serif;letter-spacing:.02em;color:var(--on-ink);
background:var(--ink);border:1px solid var(--ink);border-radius:3px;padding:.9rem 1.9rem;min-height:3rem;cursor:pointer}
button.quiet{background:transparent;color:var(--ink);border-color:var(--edge);padding:.6rem 1.1rem;font-size:.92rem;min-height:2.75rem}
.row{display:flex;flex-wrap:wrap;gap:.6rem}
.notice{border-left:3px solid var(--good);background:var(--good-tint);padding:.9rem 1.1rem;margin:0 0 1.75rem;border-radius:0 3px 3px 0}
.notice p:last-child{margin:0}.alert{border-color:var(--bad);background:var(--bad-tint)}
.code{font:1.4rem/1.4 ui-monospace,Menlo,Consolas,monospace!important;letter-spacing:.15em;max-width:14rem}
ul.plain{list-style:none;margin:0 0 1rem;padding:0}
ul.plain>li{padding:.7rem 0;border-bottom:1px solid var(--rule)}ul.plain>li:last-child{border-bottom:0}
.split{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center;justify-content:space-between}
.split form{margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem;margin:0 0 1rem}
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
blockquote{margin:.4rem 0 0;padding-left:.9rem;border-left:2px solid var(--rule);color:var(--soft);font-size:.92rem;line-height:1.55}
.button{display:inline-block;font:700 1rem/1.4 'Helvetica Neue',Helvetica,Arial,sans-serif;letter-spacing:.02em;color:var(--on-ink);
background:var(--ink);border-radius:3px;padding:.9rem 1.9rem;text-decoration:none}
.products>li{display:grid;grid-template-columns:72px 1fr max-content;gap:1rem;align-items:center}
.picture{width:72px;height:72px;border-radius:3px;object-fit:cover;background:var(--tint);display:grid;place-items:center;
font-size:1.6rem;color:var(--soft)}
.product{overflow-wrap:anywhere;line-height:1.4}.product small{display:block;color:var(--soft);font-size:.9rem}.price{white-space:nowrap}
.total{display:flex;justify-content:space-between;font-size:1.1rem;margin:1rem 0 1.6rem}
.coupon{border:1px dashed var(--edge);border-radius:3px;background:var(--tint);padding:1rem 1.2rem;margin:0 0 1.6rem}
.coupon p{margin:0}.coupon .code{max-width:none;overflow-wrap:anywhere}
.scale{display:flex;flex-wrap:wrap;gap:.4rem;margin:.4rem 0 .3rem}
.scale label{position:relative;cursor:pointer}
.scale input{position:absolute;opacity:0;inset:0;width:100%;height:100%;margin:0;cursor:pointer}
.scale span{display:grid;place-items:center;min-width:2.75rem;min-height:2.75rem;padding:0 .5rem;border:1px solid var(--edge);border-radius:3px;
background:var(--sheet);font:700 1rem/1 'Helvetica Neue',Helvetica,Arial,sans-serif}
.scale input:checked+span{background:var(--ink);color:var(--on-ink);border-color:var(--ink)}
.scale input:focus-visible+span{outline:3px solid var(--accent);outline-offset:3px}
.ends{display:flex;justify-content:space-between;gap:1rem;font-size:.9rem;color:var(--soft);margin:0}
textarea,select{width:100%;font:inherit;color:inherit;background:var(--tint);border:1px solid var(--edge);border-radius:3px;padding:.7rem .85rem}
textarea{min-height:8rem;resize:vertical}select{min-height:3rem}
footer{text-align:center;font-size:.85rem;line-height:1.6;color:var(--soft);padding:1.75rem 0 0}
footer a{padding:.5rem}
.trap{position:absolute;left:-999px;width:1px;height:1px;overflow:hidden}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
@media (max-width:34rem){.sheet{padding:0 0 2rem}header{padding:1.75rem 1.25rem 1.25rem}
main{border-radius:0;padding:2rem 1.25rem;box-shadow:none}h1{font-size:1.7rem}
main>form>button,.wide{width:100%}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}footer{padding:1.5rem 1.25rem 0}}
@media print{.sheet{max-width:none}button,footer,.skip{display:none}}
`;

/** What the pages' policy names, so that no other style is taken. */
export const STYLE_HASH = `sha256-${btoa(String.fromCharCode(...sha256(new TextEncoder().encode(STYLE))))}`;
