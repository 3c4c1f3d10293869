import { lostText } from '../engine/prove/lost-answer.ts';
import type { Proof } from '../engine/prove/prove.ts';
import type { Verdict } from '../observe/verdict.ts';
import { verdictTable } from '../observe/verdict-table.ts';
import type { Places } from './places.ts';
import { tableText } from './table-text.ts';
import type { Terminal } from './terminal.ts';

/** The promises, one a line, with what broke below. @param places of the lines that break proofs */
export function verdictsText(
  colors: Terminal['colors'],
  verdicts: readonly Verdict[],
  proofs: readonly Proof[] = [],
  places?: Pick<Places, 'placeOf'>,
): string {
  const { columns, rows } = verdictTable(verdicts);
  const used = columns.filter(({ key }) => rows.some((row) => row[key] !== ''));
  const [promise, ...others] = used.map(({ title, align }) => ({ title, align }));
  const proofOf = new Map<Verdict['expectation'] | undefined, Proof>(proofs.map((proof) => [proof.expectation, proof]));
  const proofAt = (index: number): Proof | undefined => proofOf.get(verdicts[index]?.expectation);
  const isProved = proofs.length > 0;
  const lines = tableText(
    [...(promise === undefined ? [] : [promise]), ...(isProved ? [{ title: 'Proof', align: 'left' as const }] : []), ...others],
    rows.map((row, index) => {
      const [first = '', ...rest] = used.map(({ key }) => row[key]);
      return [first, ...(isProved ? [proofAt(index)?.state.replace('-', ' ') ?? ''] : []), ...rest];
    }),
    colors,
  );
  const [head = '', ...body] = lines;
  const paint = { held: colors.green, broken: colors.red, 'not measured': colors.yellow } as const;
  const told = rows.flatMap((row, i) => [
    (body[i] ?? '').replace(row.result, paint[row.result](row.result)),
    ...[...proofDetails(proofAt(i), places), ...row.details].map((detail) => `    ${colors.dim(detail)}`),
  ]);
  const held = rows.filter(({ result }) => result === 'held').length;
  const broken = rows.filter(({ result }) => result === 'broken').length;
  const rest = rows.length - held - broken;
  const counts = [
    `${held} of ${rows.length} promises held`,
    ...(broken === 0 ? [] : [`${broken} broken`]),
    ...(rest === 0 ? [] : [`${rest} not measured`]),
    ...(isProved ? [`${proofs.filter(({ state }) => state === 'proved').length} proved`] : []),
  ];
  return [head, ...told, `${counts.join(', ')}.`].join('\n');
}

function proofDetails(proof: Proof | undefined, places: Pick<Places, 'placeOf'> | undefined): readonly string[] {
  if (proof === undefined) return [];
  if (proof.reason !== undefined) return [`not proved: ${proof.reason}`];
  return proof.counterexamples.map(({ from, to, exchange, why, lost }) => {
    const place = lost?.because === undefined ? undefined : places?.placeOf(lost.because);
    const where = lost === undefined || place === undefined ? why : lostText(lost, `${place.file}:${place.line}`);
    return `refuted: ${from} -> ${to} ${exchange}: ${where}`;
  });
}
