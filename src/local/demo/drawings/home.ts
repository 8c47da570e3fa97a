import { frame, shadow, solid } from "./frame";

const galet = frame(
  { wall: "#cfd3d0", ground: "#aab1ab", light: "#fff", at: [120, 130, 260] },
  `${shadow(206, 408, 104, 13)}
<g fill="none" stroke="#7b6a4a" stroke-width="3" stroke-linecap="round">
<path d="M196 262C186 190 150 130 120 88M202 262c0-90 14-140 36-196M208 262c14-60 44-100 78-128"/></g>
<g fill="#8a9a6a"><path d="M120 88c-22-4-34-18-36-38 22 2 34 16 36 38zM146 128c-24 4-40-4-50-22 22-8 40 0 50 22z"/>
<path d="M168 172c-24 8-42 2-54-14 22-10 42-6 54 14zM238 66c-6-22 2-40 20-50 8 22 0 40-20 50z"/>
<path d="M226 108c20-14 38-14 54-2-16 16-36 16-54 2zM216 150c-22-8-32-24-30-44 20 6 32 22 30 44z"/>
<path d="M286 134c6-20 20-30 40-30-2 22-16 32-40 30zM256 166c20-8 36-4 48 12-20 10-36 6-48-12z"/></g>
${solid("M176 262h52c4 18 92 34 92 86 0 40-50 62-118 62S84 388 84 348c0-52 88-68 92-86z", "#5f7482")}
<ellipse cx="202" cy="262" rx="26" ry="6" fill="#34434e"/>
<path d="M110 340c4-26 26-42 52-52" fill="none" stroke="#a9bac4" stroke-width="7" stroke-linecap="round"
opacity=".5"/>`,
);

const halo = frame(
  { wall: "#d9c7b2", ground: "#b99f84", light: "#fff6e2", at: [90, 60, 300] },
  `<ellipse cx="208" cy="204" rx="134" ry="134" fill="#3a2b20" opacity=".3" filter="url(#soft)"/>
<circle cx="200" cy="190" r="132" fill="url(#brass)"/><circle cx="200" cy="190" r="122" fill="#dfe6e6"/>
<g><path d="M112 106a122 122 0 0 1 96-38L88 238a122 122 0 0 1 24-132z" fill="#fff" opacity=".55"/>
<path d="M236 74a122 122 0 0 1 34 16L118 281a122 122 0 0 1-20-25z" fill="#fff" opacity=".4"/>
<path d="M318 218a122 122 0 0 1-236 0c80 26 158 24 236 0z" fill="#b9a68c" opacity=".55"/></g>
<path d="M60 372h280v14H60z" fill="#8f6849"/><path d="M60 372h280v4H60z" fill="#b98d68"/>
${solid("M268 372c-16-4-18-44-2-52h28c16 8 14 48-2 52z", "#7d8a70")}
<path d="M280 320c-4-20-12-34-24-44M280 320c2-20 8-36 22-48" stroke="#6d6448" stroke-width="2.5" fill="none"/>
<circle cx="256" cy="272" r="7" fill="#d59a5b"/><circle cx="303" cy="268" r="8" fill="#c97f4a"/>
<path d="M84 358h64v14H84zM90 346h54v12H90z" fill="#a45a3c"/><path d="M90 346h54v12H90z" fill="#3f5366"/>`,
);

const stripes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => `M${116 + n * 17} 124l${(n - 5) * 0.8} 242`).join("");
const fringe = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `M${112 + n * 15} 366l${(n % 3) - 1} 26`).join("");

const laine = frame(
  { wall: "#b9b3a9", ground: "#948c80", light: "#fff3dc", at: [300, 90, 260] },
  `${shadow(200, 414, 140, 12)}
<path d="M48 128h304" stroke="#7a563a" stroke-width="12" stroke-linecap="round"/>
<path d="M48 125h304" stroke="#a97f5a" stroke-width="4" stroke-linecap="round"/>
<path d="M72 132l-12 280M328 132l12 280" stroke="#7a563a" stroke-width="10" stroke-linecap="round"/>
<path d="M66 300h268" stroke="#7a563a" stroke-width="7" stroke-linecap="round"/>
${solid("M104 122c60-12 132-12 192 0l6 246c-64 10-138 10-204 0z", "#efe6d6")}
<path d="M101 250c66 10 134 10 200 0l1 24c-66 10-136 10-202 0z" fill="#a3584a"/>
<path d="M100 288c66 10 136 10 202 0v8c-66 10-136 10-202 0z" fill="#3f5366"/>
<path d="${stripes}" stroke="#b8a98f" stroke-width="1.4" opacity=".6" fill="none"/>
<path d="${fringe}" stroke="#efe6d6" stroke-width="4" stroke-linecap="round" fill="none"/>
<path d="M150 118c-6 80-4 160 2 254M252 118c6 80 2 170-4 254" stroke="#8d7c63" stroke-width="10" opacity=".14"
fill="none"/>`,
);

const cushion =
  "M92 186c-6-12 4-22 16-18 58 14 126 14 184 0 12-4 22 6 16 18-14 60-14 120 0 184 6 12-4 22-16 18" +
  "-58-14-126-14-184 0-12 4-22-6-16-18 14-64 14-124 0-184z";

const nuit = frame(
  { wall: "#cdbfb2", ground: "#9c8775", light: "#fff4e0", at: [120, 120, 260] },
  `<path d="M0 352h400v128H0z" fill="#7c6657"/><path d="M0 352h400v7H0z" fill="#9a8170"/>
${shadow(200, 396, 128, 14)}
${solid(cushion, "#31456b")}
<path d="M120 200c60 12 104 12 160 0M116 358c56-12 112-12 168 0" stroke="#506797" stroke-width="3" fill="none"
opacity=".7"/>
<path d="M108 174c18 26 24 48 26 70M292 174c-18 26-24 48-26 70M108 384c16-26 22-44 24-66M292 384c-16-26-22-44-24-66"
stroke="#1d2c49" stroke-width="5" stroke-linecap="round" fill="none" opacity=".5"/>
<circle cx="200" cy="276" r="34" fill="none" stroke="#d9b468" stroke-width="3"/>
<path d="M214 250a28 28 0 1 0 8 42 34 34 0 0 1-8-42z" fill="#d9b468"/>`,
);

export const HOME = { "ML-GALET": galet, "ML-HALO": halo, "ML-LAINE": laine, "ML-NUIT": nuit };
