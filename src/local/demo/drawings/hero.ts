const LEAVES = [
  [666, 302, -4],
  [700, 302, 22],
  [644, 340, -40],
  [668, 350, -38],
  [668, 372, 30],
  [690, 336, 48],
]
  .map(
    ([x, y, turn]) =>
      `<path transform="translate(${x} ${y}) rotate(${turn})" d="M0 0c-15-24-13-48 0-66 13 18 15 42 0 66z"/>`,
  )
  .join("");

/** The room at nightfall at the head of the shop: one lamp over a laid table, blue outside. */
export const HERO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 620" width="860" height="620">
<defs>
<radialGradient id="lamp" gradientUnits="userSpaceOnUse" cx="400" cy="236" r="380"><stop offset="0" stop-color="#ffe3a6"
stop-opacity=".95"/><stop offset=".3" stop-color="#ffcf84" stop-opacity=".36"/><stop offset=".62" stop-color="#ffcf84"
stop-opacity=".07"/><stop offset="1" stop-color="#ffcf84"
stop-opacity="0"/></radialGradient>
<linearGradient id="sky" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#101a33"/><stop offset=".6"
stop-color="#33476f"/><stop offset="1" stop-color="#9a7d86"/></linearGradient>
<linearGradient id="round" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#fff" stop-opacity=".2"/>
<stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".35"/>
</linearGradient>
<linearGradient id="gold" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#86622a"/><stop offset=".45"
stop-color="#f0d595"/><stop offset="1" stop-color="#86622a"/></linearGradient>
<linearGradient id="floor" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#1d2942"/><stop offset=".2"
stop-color="#162036"/></linearGradient>
<filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="12"/></filter>
</defs>
<path fill="#1d2942" d="M0 0h860v620H0z"/>
<path d="M0 452h860v168H0z" fill="url(#floor)"/>
<path d="M72 60h196v280H72z" fill="#0e1628"/><path d="M82 70h176v260H82z" fill="url(#sky)"/>
<circle cx="214" cy="122" r="17" fill="#f6efd9"/><circle cx="207" cy="117" r="15" fill="#1a2745"/>
<g fill="#f6efd9"><circle cx="112" cy="106" r="1.6"/><circle cx="146" cy="90" r="1.2"/><circle cx="130" cy="152"
r="1.3"/>
<circle cx="186" cy="176" r="1.5"/><circle cx="236" cy="190" r="1.1"/><circle cx="104" cy="206" r="1.2"/></g>
<path d="M82 300l26-22 22 14 28-30 34 28 24-18 42 26v32H82z" fill="#141d33"/>
<path d="M165 70h10v260h-10zM82 192h176v9H82z" fill="#0e1628"/><path d="M60 336h220v13H60z" fill="#2c3b5b"/>
<path d="M52 40c30 90 26 220-10 330h-42V40zM288 40c-26 90-22 220 14 330h34V40z" fill="#2a3a5c"/>
<path d="M34 40c10 110 8 220-10 330M312 40c-6 110-2 220 8 330" stroke="#1d2942" stroke-width="5" fill="none"/>
<path d="M30 36h316" stroke="url(#gold)" stroke-width="6" stroke-linecap="round"/>
<circle cx="640" cy="168" r="80" fill="url(#gold)"/><circle cx="640" cy="168" r="73" fill="#33435f"/>
<path d="M586 118a73 73 0 0 1 58-24L578 214a73 73 0 0 1 8-96zM668 101l-76 122 18 12 78-118z" fill="#fff" opacity=".09"/>
<path d="M400 0v132" stroke="#0b1222" stroke-width="4"/><path d="M382 126h36l8 36h-52z" fill="url(#gold)"/>
<path fill="url(#lamp)" d="M0 0h860v620H0z"/>
<circle cx="400" cy="242" r="88" fill="#fff4d8"/><ellipse cx="368" cy="204" rx="24" ry="13" fill="#fff"
transform="rotate(-38 368 204)"/>
<ellipse cx="420" cy="596" rx="360" ry="20" fill="#070c18" opacity=".6" filter="url(#soft)"/>
<path d="M96 456h668c0 18-20 26-60 26H156c-40 0-60-8-60-26z" fill="#7b4d31"/>
<path d="M96 450h668v12H96z" fill="#b88254"/><ellipse cx="400" cy="455" rx="240" ry="9" fill="#ffdc9e" opacity=".5"
filter="url(#soft)"/>
<path d="M176 482l-26 138h-18l18-138zM684 482l26 138h18l-18-138z" fill="#5b3823"/>
<path d="M672 450c-4-60-6-90-6-150M674 450c4-70 14-110 26-150M668 450c-8-50-14-80-24-112" stroke="#54643f"
stroke-width="4" fill="none"/><g fill="#6d8058">${LEAVES}</g>
<path d="M648 450c-34-6-42-70-4-88h54c38 18 30 82-4 88z" fill="#b4624a"/>
<path d="M648 450c-34-6-42-70-4-88h54c38 18 30 82-4 88z" fill="url(#round)"/>
<g><path d="M222 300h20l2 92h-24z" fill="#f4e8d2"/><path d="M206 390h52c0 14-6 20-16 22h-20c-10-2-16-8-16-22z"
fill="url(#gold)"/><path d="M226 410h12l4 28h-20zM196 450c0-12 16-16 36-16s36 4 36 16z" fill="url(#gold)"/>
<circle cx="232" cy="280" r="44" fill="#ffcf84" opacity=".4" filter="url(#soft)"/>
<path d="M232 258c9 14 10 20 10 26a10 10 0 0 1-20 0c0-6 1-12 10-26z" fill="#ffbf5c"/></g>
<g><path d="M286 356h16l2 54h-20z" fill="#d9a58d"/><path d="M272 408h44c0 12-5 17-14 18h-16c-9-1-14-6-14-18z"
fill="url(#gold)"/><path d="M264 450c0-16 12-22 30-24 18 2 30 8 30 24z" fill="url(#gold)"/>
<circle cx="294" cy="338" r="38" fill="#ffcf84" opacity=".4" filter="url(#soft)"/>
<path d="M294 318c8 12 9 17 9 22a9 9 0 0 1-18 0c0-5 1-10 9-22z" fill="#ffbf5c"/></g>
<path d="M372 438h132c-4 8-22 13-66 13s-62-5-66-13z" fill="#e9e0d0"/><path
d="M384 424h108c0 12-20 18-54 18s-54-6-54-18z"
fill="#f7f1e4"/><path d="M404 424c6-20 60-22 68 0z" fill="#c98a4a"/><circle cx="426" cy="414" r="9" fill="#b5562f"/>
<circle cx="450" cy="412" r="10" fill="#d9a03f"/>
<path d="M538 450v-30c-14-4-20-16-20-40h46c0 24-6 36-20 40v30z" fill="#d7e3ea" opacity=".5"/>
<path d="M521 394h40c-2 14-8 23-17 26h-6c-9-3-15-12-17-26z" fill="#8c2f3a" opacity=".9"/><path d="M524 452h34v-4h-34z"
fill="#d7e3ea" opacity=".6"/>
</svg>`;
