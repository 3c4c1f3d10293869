/** The examples, each with a change to it that removes, adds and replaces. */
import { readdirSync } from 'node:fs';
import { parseDocument } from 'yaml';
import { example } from '../cli/bottle.ts';
import { examplesOnlyInStockKernel } from '../stock-kernel/list.ts';

export interface Tried {
  readonly folder: string;
  readonly file: string;
}

/** All that are YAML: what a program makes has nothing in it that these have not. */
export const examples = (): readonly Tried[] =>
  readdirSync(example(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !examplesOnlyInStockKernel.includes(entry.name))
    .flatMap(({ name: folder }) =>
      readdirSync(example(folder))
        .filter((file) => file.endsWith('.yaml'))
        .map((file) => ({ folder, file })),
    );

/** The last machine gets another name, which removes one and adds one; the first network another MTU; promises go, which could name it. */
export function changed(text: string): string {
  const document = parseDocument(text);
  const file = document.toJS() as { networks?: Record<string, object>; machines?: Record<string, object> };
  const last = Object.keys(file.machines ?? {}).at(-1);
  const network = Object.keys(file.networks ?? {})[0];
  if (last !== undefined) {
    const machine = document.getIn(['machines', last]);
    document.deleteIn(['machines', last]);
    document.setIn(['machines', `${last}-anew`], machine);
  }
  if (network !== undefined) document.setIn(['networks', network, 'mtu'], 1400);
  document.delete('expect');
  return document.toString();
}
