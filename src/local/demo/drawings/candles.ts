import { flame, frame, shadow, solid } from "./frame";

const figuier = frame(
  { wall: "#93a08a", ground: "#75826c", light: "#ffe7b5", at: [200, 210, 200] },
  `${shadow(200, 406, 88)}
<path d="M126 240h148v150c0 12-32 19-74 19s-74-7-74-19z" fill="#3d4a40"/>
<path d="M134 290h132v98c0 9-28 14-66 14s-66-5-66-14z" fill="#e9dcc0"/>
<path d="M134 290h132v98c0 9-28 14-66 14s-66-5-66-14z" fill="url(#glow)" opacity=".6"/>
<path d="M126 240h148v150c0 12-32 19-74 19s-74-7-74-19z" fill="#23302a" opacity=".35"/>
<path d="M126 240h148v150c0 12-32 19-74 19s-74-7-74-19z" fill="url(#shade)"/>
<ellipse cx="200" cy="240" rx="74" ry="13" fill="#26322c"/><ellipse cx="200" cy="242" rx="66" ry="9" fill="#f1d9a3"/>
${flame(200, 246)}
<path d="M166 314h68v54h-68z" fill="#f7f1e3"/><path d="M178 330h44M184 342h32" stroke="#3d4a40" stroke-width="2.5"/>
<path d="M200 350c5 4 6 9 0 13-6-4-5-9 0-13z" fill="#6d8a5d"/>
<path d="M138 254v126" stroke="#fff" stroke-width="4" stroke-linecap="round" opacity=".3"/>
<path d="M296 400c-16-34-4-66 28-84 6 36-2 62-28 84z" fill="#4f6b48"/>
<path d="M297 398c4-28 12-52 25-76" stroke="#8aa57c" stroke-width="2" fill="none"/>
<path d="M300 402c8-26 30-40 60-38-10 26-30 40-60 38z" fill="#5d7b53"/>`,
);

const cedre = frame(
  { wall: "#c6a58f", ground: "#a4816c", light: "#ffe3b0", at: [200, 230, 200] },
  `${shadow(200, 408, 96)}
${solid("M112 270h176c4 52-4 96-20 132-30 10-106 10-136 0-16-36-24-80-20-132z", "#e9e2d6")}
<path d="M110 292c52 14 128 14 180 0l-1 26c-54 12-124 12-178 0z" fill="#5b4a44"/>
<g fill="#8b7d70" opacity=".5"><circle cx="140" cy="346" r="2"/><circle cx="168" cy="372" r="1.6"/>
<circle cx="214" cy="352" r="2"/><circle cx="246" cy="380" r="1.8"/><circle cx="262" cy="342" r="1.5"/>
<circle cx="190" cy="390" r="1.6"/><circle cx="232" cy="334" r="1.4"/><circle cx="152" cy="390" r="1.5"/></g>
<ellipse cx="200" cy="270" rx="88" ry="15" fill="#cfc5b4"/><ellipse cx="200" cy="272" rx="79" ry="11" fill="#f3dcab"/>
${flame(172, 276, 0.85)}${flame(228, 276, 0.85)}
<path d="M40 414l64-14 6 9-64 14zM58 396l52-2 1 8-52 2z" fill="#8a5a3c"/>
<path d="M40 414l64-14" stroke="#b98560" stroke-width="2"/>`,
);

function taper(x: number, top: number, colour: string): string {
  return solid(`M${x - 11} 398l4-${398 - top}c1-6 13-6 14 0l4 ${398 - top}z`, colour) + flame(x, top, 0.72);
}

const cire = frame(
  { wall: "#474b66", ground: "#363a54", light: "#ffd9a0", at: [200, 140, 250] },
  `${shadow(200, 404, 150)}
${taper(104, 150, "#d98f6c")}${taper(168, 120, "#c9a3a0")}${taper(232, 164, "#8f8fb4")}${taper(296, 134, "#e3c285")}
${solid("M60 394h280c0 14-16 20-40 20H100c-24 0-40-6-40-20z", "#d9cfc0")}`,
);

function holder(x: number, top: number): string {
  const stem = `M${x - 7} ${top + 18}h14l4 ${372 - top}h-22z`;
  const foot = `M${x - 46} 404c0-14 24-22 46-22s46 8 46 22c0 6-20 9-46 9s-46-3-46-9z`;
  const cup = `M${x - 22} ${top}h44c0 14-6 24-15 26h-14c-9-2-15-12-15-26z`;
  const candle = `M${x - 10} ${top + 2}v-96c0-5 20-5 20 0v96z`;
  const knot = `<ellipse cx="${x}" cy="${(top + 404) / 2}" rx="17" ry="11" fill="url(#brass)"/>`;
  const parts = [solid(candle, "#f4ebda"), flame(x, top - 96, 0.8)];
  const brass = [foot, stem, cup].map((path) => `<path d="${path}" fill="url(#brass)"/>`);
  return shadow(x, 408, 52, 9) + parts.join("") + brass.join("") + knot;
}

const duo = frame(
  { wall: "#7f5b52", ground: "#664740", light: "#ffd592", at: [180, 130, 260] },
  holder(144, 216) + holder(264, 292),
);

export const CANDLES = { "ML-FIGUIER": figuier, "ML-CEDRE": cedre, "ML-CIRE": cire, "ML-DUO": duo };
