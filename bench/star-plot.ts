/** The figures of the star as curves. */
import type { Phase } from './contender.ts';
import { type Curve, plotted } from './plot.ts';
import type { Result } from './result.ts';

const COLOURS: Readonly<Record<string, string>> = { Netbottle: '#0b6bcb', 'bare loop': '#8a8f98', Mininet: '#c4541b' };
const PANELS: readonly { readonly title: string; readonly lines: readonly { readonly phase: Phase; readonly dash?: string }[] }[] = [
  {
    title: 'up, and up again (dashed), one more (dotted)',
    lines: [{ phase: 'up' }, { phase: 'again', dash: '6 4' }, { phase: 'grow', dash: '2 3' }],
  },
  {
    title: 'down, and until freed (dashed)',
    lines: [{ phase: 'down' }, { phase: 'freed', dash: '6 4' }],
  },
];

export function plotOf(results: readonly Result[]): string {
  const pointsOf = (contender: string, phase: Phase): Curve['points'] =>
    results.flatMap(({ contender: who, size, figures }) => {
      const figure = who === contender ? figures[phase] : undefined;
      return figure === undefined ? [] : [{ size, seconds: figure.seconds }];
    });
  return plotted({
    title: 'Seconds over the number of machines, Netbottle, a bare loop and Mininet',
    panels: PANELS.map(({ title, lines }) => ({
      title,
      curves: lines.flatMap(({ phase, ...line }) =>
        Object.entries(COLOURS).map(([name, colour]): Curve => ({ ...line, colour, points: pointsOf(name, phase) })),
      ),
    })),
    legend: COLOURS,
  });
}
