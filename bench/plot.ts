/** Time over the number of machines, both on logarithmic scales, as SVG: a straight line of slope 1 is linear growth. */

export interface Curve {
  readonly colour: string;
  /** Of the line, as SVG has it; without any it is solid. */
  readonly dash?: string;
  readonly points: readonly { readonly size: number; readonly seconds: number }[];
}

export interface Plot {
  readonly title: string;
  readonly panels: readonly { readonly title: string; readonly curves: readonly Curve[] }[];
  /** Names of colours. */
  readonly legend: Readonly<Record<string, string>>;
}

const PANEL = { width: 330, height: 260, left: 56, top: 36, gap: 70 } as const;

interface Scale {
  readonly low: number;
  readonly high: number;
}

export function plotted({ title, panels, legend }: Plot): string {
  const points = panels.flatMap(({ curves }) => curves.flatMap((curve) => curve.points));
  const sizes = [...new Set(points.map(({ size }) => size))];
  const across: Scale = { low: Math.min(...sizes) / 1.3, high: Math.max(...sizes) * 1.3 };
  const times = points.map(({ seconds }) => seconds);
  const upright: Scale = { low: 10 ** Math.floor(Math.log10(Math.min(...times))), high: 10 ** Math.ceil(Math.log10(Math.max(...times))) };
  const width = PANEL.left + panels.length * (PANEL.width + PANEL.gap);
  const height = PANEL.top + PANEL.height + 64;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    `<title>${title}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...panels.map((panel, index) => panelOf(panel, PANEL.left + index * (PANEL.width + PANEL.gap), sizes, across, upright)),
    ...Object.entries(legend).map(([name, colour], index) => keyOf(name, colour, PANEL.left + index * 110, height - 14)),
    '</svg>',
    '',
  ].join('\n');
}

const along = ({ low, high }: Scale, value: number): number => Math.log(value / low) / Math.log(high / low);

function panelOf({ title, curves }: Plot['panels'][number], left: number, sizes: readonly number[], across: Scale, upright: Scale): string {
  const x = (size: number): number => left + along(across, size) * PANEL.width;
  const y = (seconds: number): number => PANEL.top + PANEL.height - along(upright, seconds) * PANEL.height;
  const bottom = PANEL.top + PANEL.height;
  const decades = Array.from({ length: Math.round(Math.log10(upright.high / upright.low)) + 1 }, (_, i) => upright.low * 10 ** i);
  return [
    text(left, PANEL.top - 14, title),
    ...decades.map(
      (value) =>
        `<path d="M${point(left, y(value))}h${PANEL.width}" stroke="#ddd"/>${text(left - 8, y(value) + 4, `${Number(value.toPrecision(1))} s`, 'end')}`,
    ),
    ...sizes.map(
      (size) =>
        `<path d="M${point(x(size), PANEL.top)}V${bottom}" stroke="#eee"/>${text(x(size), bottom + 18, size.toLocaleString('en'), 'middle')}`,
    ),
    ...curves.map((curve) => lineOf(curve, x, y)),
  ].join('\n');
}

function lineOf({ colour, dash, points }: Curve, x: (size: number) => number, y: (seconds: number) => number): string {
  if (points.length === 0) return '';
  const places = points.map(({ size, seconds }) => point(x(size), y(seconds)));
  const dots = places.map((at) => `<path d="M${at}h0" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`).join('');
  return `<path d="M${places.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dash === undefined ? '' : ` stroke-dasharray="${dash}"`}/>${dots}`;
}

const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
const text = (x: number, y: number, said: string, anchor = 'start'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${said}</text>`;
const keyOf = (name: string, colour: string, x: number, y: number): string =>
  `<path d="M${point(x, y - 4)}h22" stroke="${colour}" stroke-width="3"/>${text(x + 28, y, name)}`;
