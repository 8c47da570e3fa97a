/** Colours of one picture: the wall behind, the ground, and the light that falls on the wall. */
export interface Room {
  readonly wall: string;
  readonly ground: string;
  readonly light?: string;
  /** Where the light comes from, in the picture's 400 × 480 units. */
  readonly at?: readonly [x: number, y: number, radius: number];
}

/** A product picture: one wall, one ground, one light, and the things in front. */
export function frame({ wall, ground, light = "#fff", at = [200, 190, 260] }: Room, things: string): string {
  const [x, y, radius] = at;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 480" width="400" height="480">
<defs>
<radialGradient id="glow" gradientUnits="userSpaceOnUse" cx="${x}" cy="${y}" r="${radius}">
<stop offset="0" stop-color="${light}" stop-opacity=".85"/><stop offset=".45" stop-color="${light}" stop-opacity=".28"/>
<stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient>
<linearGradient id="brass" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#8f6a2e"/>
<stop offset=".35" stop-color="#d9b468"/>
<stop offset=".5" stop-color="#f3dba0"/><stop offset=".7" stop-color="#c69a4b"/>
<stop offset="1" stop-color="#86622a"/></linearGradient>
<linearGradient id="shade" x1="0" x2="1" y1="0" y2="0"><stop offset="0" stop-color="#000" stop-opacity=".2"/>
<stop offset=".35" stop-color="#fff" stop-opacity=".16"/><stop offset=".6" stop-color="#fff" stop-opacity="0"/>
<stop offset="1" stop-color="#000" stop-opacity=".26"/></linearGradient>
<linearGradient id="fall" x1="0" x2="0" y1="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/>
<stop offset="1" stop-color="#000" stop-opacity=".12"/></linearGradient>
<filter id="soft" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="9"/></filter>
</defs>
<path fill="${wall}" d="M0 0h400v480H0z"/><path fill="${ground}" d="M0 388h400v92H0z"/>
<path fill="url(#fall)" d="M0 388h400v92H0z"/><path fill="url(#glow)" d="M0 0h400v480H0z"/>
${things}
</svg>`;
}

/** The shadow that makes a thing stand on the ground. */
export function shadow(x: number, y: number, width: number, height = 11): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${width}" ry="${height}" fill="#1b1a22" opacity=".34" filter="url(#soft)"/>`;
}

/** One shape twice: in its colour, and with the light that makes it round. */
export function solid(path: string, colour: string): string {
  return `<path d="${path}" fill="${colour}"/><path d="${path}" fill="url(#shade)"/>`;
}

/** A candle flame whose foot is at (x, y). */
export function flame(x: number, y: number, size = 1): string {
  const at = `translate(${x} ${y}) scale(${size})`;
  return `<g transform="${at}"><circle cy="-16" r="46" fill="#ffd27a" opacity=".3" filter="url(#soft)"/>
<path d="M0-2v-10" stroke="#3b2f2a" stroke-width="2.4" stroke-linecap="round"/>
<path d="M0-42c9 14 11 20 11 27a11 11 0 0 1-22 0c0-7 2-13 11-27z" fill="#ffb84d"/>
<path d="M0-26c4 7 5 10 5 13a5 5 0 0 1-10 0c0-3 1-6 5-13z" fill="#fff3d0"/></g>`;
}
