import { frame, shadow, solid } from "./frame";

const aube = frame(
  { wall: "#c9b9a6", ground: "#a98f76", light: "#fff0cf", at: [200, 190, 250] },
  `${shadow(200, 402, 92)}
${solid("M150 396c0-16 22-20 50-20s50 4 50 20c0 7-22 11-50 11s-50-4-50-11z", "#b4552f")}
${solid("M189 236h22l5 144c-9 5-23 5-32 0z", "#b4552f")}
<ellipse cx="200" cy="236" rx="60" ry="9" fill="#f6d9a4"/>
<path d="M84 226c0-68 50-118 116-118s116 50 116 118c0 14-52 22-116 22S84 240 84 226z" fill="#fff8e8"/>
<path d="M84 226c0-68 50-118 116-118s116 50 116 118c0 14-52 22-116 22S84 240 84 226z" fill="url(#glow)"/>
<path d="M84 226c0 14 52 22 116 22s116-8 116-22" fill="none" stroke="#e2c48e" stroke-width="2"/>
<path d="M112 196c8-36 34-62 66-70" fill="none" stroke="#fff" stroke-width="7" stroke-linecap="round" opacity=".8"/>`,
);

const brume = frame(
  { wall: "#b7c0bb", ground: "#8d9890", light: "#fff3d6", at: [200, 130, 240] },
  `${shadow(200, 418, 108)}
<path d="M196 170l-72 244M204 170l72 244M200 170v232" stroke="#9a6f43" stroke-width="9" stroke-linecap="round"/>
<path d="M194 170l-72 244M202 170l72 244M198 170v232" stroke="#c5986a" stroke-width="3" stroke-linecap="round"/>
<path d="M166 286h68" stroke="#9a6f43" stroke-width="6" stroke-linecap="round"/>
<path d="M140 60h120l34 118c-56 12-132 12-188 0z" fill="#f4ead6"/>
<path d="M140 60h120l34 118c-56 12-132 12-188 0z" fill="url(#shade)" opacity=".7"/>
<path d="M140 60h120l34 118c-56 12-132 12-188 0z" fill="url(#glow)"/>
<path d="M158 62l-20 120M182 62l-9 124M218 62l9 124M242 62l20 120" stroke="#cdb894" stroke-width="1" opacity=".55"/>
<path d="M106 178c56 12 132 12 188 0" fill="none" stroke="#fff4d8" stroke-width="3"/>
<path d="M140 60c36 5 84 5 120 0" fill="none" stroke="#cdb894" stroke-width="2"/>`,
);

const perle = frame(
  { wall: "#2c3a52", ground: "#22304a", light: "#ffdf9e", at: [200, 236, 250] },
  `<path d="M200 0v118" stroke="#0f1626" stroke-width="3"/>
${solid("M186 112h28l6 30h-40z", "url(#brass)")}
<circle cx="200" cy="232" r="96" fill="#fff6df"/><circle cx="200" cy="232" r="96" fill="url(#glow)"/>
<circle cx="200" cy="232" r="95" fill="none" stroke="#ffeec4" stroke-width="2" opacity=".8"/>
<ellipse cx="164" cy="190" rx="26" ry="15" fill="#fff" opacity=".8" transform="rotate(-38 164 190)"/>
${shadow(200, 446, 170, 14)}
<path d="M0 430h400v50H0z" fill="#7a4f33"/><path d="M0 430h400v5H0z" fill="#b78457"/>
<ellipse cx="200" cy="440" rx="150" ry="10" fill="#ffd89a" opacity=".35" filter="url(#soft)"/>`,
);

const lueur = frame(
  { wall: "#d8cfc4", ground: "#b7a894", light: "#fff1cc", at: [200, 300, 210] },
  `${shadow(200, 404, 80)}
${solid("M138 396c0-10 26-15 62-15s62 5 62 15v5c0 8-28 12-62 12s-62-4-62-12z", "#56705f")}
<path d="M126 252h148l34 136c-66 16-150 16-216 0z" fill="#fff2cc" opacity=".5" filter="url(#soft)"/>
<ellipse cx="200" cy="254" rx="76" ry="9" fill="#fff3d2"/>
${solid("M191 262h18v122h-18z", "#56705f")}
${solid("M118 250c0-52 34-88 82-88s82 36 82 88c0 7-38 11-82 11s-82-4-82-11z", "#56705f")}
<path d="M132 236c3-32 22-54 46-62" fill="none" stroke="#9db8a5" stroke-width="5" stroke-linecap="round" opacity=".7"/>
<path d="M168 160c0-40 64-40 64 0" fill="none" stroke="url(#brass)" stroke-width="6" stroke-linecap="round"/>`,
);

export const LAMPS = { "ML-AUBE": aube, "ML-BRUME": brume, "ML-PERLE": perle, "ML-LUEUR": lueur };
