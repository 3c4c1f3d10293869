/** Time over the number of machines, both on logarithmic scales, as SVG: a straight line of slope 1 is linear growth. */
import type { Phase } from './contender.ts';
import type { Result } from './result.ts';

const PANEL = { width: 330, height: 260, left: 56, top: 36, gap: 70 } as const;
const COLOURS: Readonly<Record<string, string>> = { Netbottle: '#0b6bcb', 'bare loop': '#8a8f98', Mininet: '#c4541b' };
const PANELS: readonly { readonly title: string; readonly lines: readonly { readonly phase: Phase; readonly dash: string }[] }[] = [
  {
    title: 'up, and up again (dashed), one more (dotted)',
    lines: [
      { phase: 'up', dash: '' },
      { phase: 'again', dash: '6 4' },
      { phase: 'grow', dash: '2 3' },
    ],
  },
  {
    title: 'down, and until freed (dashed)',
    lines: [
      { phase: 'down', dash: '' },
      { phase: 'freed', dash: '6 4' },
    ],
  },
];

interface Scale {
  readonly low: number;
  readonly high: number;
}

export function plotOf(results: readonly Result[]): string {
  const sizes = results.map(({ size }) => size);
  const across: Scale = { low: Math.min(...sizes) / 1.3, high: Math.max(...sizes) * 1.3 };
  const times = results.flatMap(({ figures }) => Object.values(figures).map(({ seconds }) => seconds));
  const upright: Scale = { low: 10 ** Math.floor(Math.log10(Math.min(...times))), high: 10 ** Math.ceil(Math.log10(Math.max(...times))) };
  const width = PANEL.left + PANELS.length * (PANEL.width + PANEL.gap);
  const height = PANEL.top + PANEL.height + 64;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#222">`,
    '<title>Seconds over the number of machines, Netbottle, a bare loop and Mininet</title>',
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...PANELS.map((panel, index) => panelOf(panel, PANEL.left + index * (PANEL.width + PANEL.gap), results, across, upright)),
    ...Object.entries(COLOURS).map(([name, colour], index) => legend(name, colour, PANEL.left + index * 110, height - 14)),
    '</svg>',
    '',
  ].join('\n');
}

const along = ({ low, high }: Scale, value: number): number => Math.log(value / low) / Math.log(high / low);

function panelOf(
  { title, lines }: (typeof PANELS)[number],
  left: number,
  results: readonly Result[],
  across: Scale,
  upright: Scale,
): string {
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
    ...[...new Set(results.map(({ size }) => size))].map(
      (size) =>
        `<path d="M${point(x(size), PANEL.top)}V${bottom}" stroke="#eee"/>${text(x(size), bottom + 18, size.toLocaleString('en'), 'middle')}`,
    ),
    ...lines.flatMap(({ phase, dash }) => Object.entries(COLOURS).map(([name, colour]) => curve(results, name, phase, colour, dash, x, y))),
  ].join('\n');
}

function curve(
  results: readonly Result[],
  contender: string,
  phase: Phase,
  colour: string,
  dash: string,
  x: (size: number) => number,
  y: (seconds: number) => number,
): string {
  const points = results.flatMap(({ contender: who, size, figures }) =>
    who === contender && figures[phase] !== undefined ? [point(x(size), y(figures[phase].seconds))] : [],
  );
  if (points.length === 0) return '';
  const dots = points.map((at) => `<path d="M${at}h0" stroke="${colour}" stroke-width="6" stroke-linecap="round"/>`).join('');
  return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="2"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>${dots}`;
}

const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
const text = (x: number, y: number, said: string, anchor = 'start'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${said}</text>`;
const legend = (name: string, colour: string, x: number, y: number): string =>
  `<path d="M${point(x, y - 4)}h22" stroke="${colour}" stroke-width="3"/>${text(x + 28, y, name)}`;
