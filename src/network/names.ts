import type { Origin } from '../diagnostic/diagnostic.ts';
import { suggest } from '../diagnostic/suggest.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { Report } from './report.ts';

type NodeKind = 'machine' | 'router' | 'bridge';
type Kind = NodeKind | 'network' | 'link' | 'switch' | 'group';

export interface Names {
  /** Machines, routers and bridges. */
  readonly nodes: ReadonlyMap<string, NodeKind>;
  /** Networks and links. */
  readonly segments: ReadonlyMap<string, 'network' | 'link'>;
  readonly switches: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** `Did you mean …?`, or the fallback where nothing is near. */
  readonly didYouMean: (word: string, known: Iterable<string>, otherwise: string) => string;
}

/** Words that mean something where a name could stand. */
const reserved: Readonly<Record<string, string>> = {
  any: 'everybody in `from -> to`',
  internet: 'the outside in `from -> to`',
  none: '"no route"',
  auto: '"derive an address"',
  host: 'the machine that Netbottle runs on',
  default: 'the default route',
};

/** Comparing costs time; in a file with this many unknown names the reader has found out. */
const MOST_SUGGESTIONS = 100;

/** Who is called what. All names together are unique, because `from -> to` may name any of them. */
export function readNames(file: BottleFile, report: Report): Names {
  const kinds = new Map<string, { readonly kind: Kind; readonly origin: Origin }>();
  const sections: readonly (readonly [Kind, string, object | undefined])[] = [
    ['network', 'networks', file.networks],
    ['link', 'links', file.links],
    ['switch', 'switches', file.switches],
    ['router', 'routers', file.routers],
    ['bridge', 'bridges', file.bridges],
    ['machine', 'machines', file.machines],
    ['group', 'groups', file.groups],
  ];
  for (const [kind, section, entries] of sections) {
    for (const name of Object.keys(entries ?? {})) {
      const origin = [section, name];
      checkReserved(kind, name, origin, report);
      const first = kinds.get(name);
      if (first === undefined) kinds.set(name, { kind, origin });
      else {
        report.error('duplicate-name', origin, `\`${name}\` is a ${kind} and a ${first.kind}`, {
          at: 'key',
          remedy: `Give one of them another name: \`from -> to\` could not tell which is meant.`,
          related: [{ message: `the ${first.kind}`, origin: first.origin, at: 'key' }],
        });
      }
    }
  }
  return tableOf(file);
}

function checkReserved(kind: Kind, name: string, origin: Origin, report: Report): void {
  const meaning = Object.hasOwn(reserved, name) ? reserved[name] : undefined;
  if (meaning === undefined || (name === 'internet' && kind === 'network')) return;
  report.error('reserved-name', origin, `a ${kind} cannot be called \`${name}\`: the word stands for ${meaning}`, {
    at: 'key',
    remedy: name === 'internet' ? 'Take another name; only a network may be called `internet`.' : 'Take another name.',
  });
}

/** Several of one name stay known as what each of them is, so that one mistake is reported once. */
function tableOf(file: BottleFile): Names {
  const of = <K extends Kind>(kind: K, entries: object | undefined) => Object.keys(entries ?? {}).map((name): [string, K] => [name, kind]);
  const nodes = new Map<string, NodeKind>([...of('bridge', file.bridges), ...of('machine', file.machines), ...of('router', file.routers)]);
  let suggestions = 0;
  return {
    nodes,
    segments: new Map<string, 'network' | 'link'>([...of('link', file.links), ...of('network', file.networks)]),
    switches: new Set(Object.keys(file.switches ?? {})),
    groups: new Set(Object.keys(file.groups ?? {})),
    didYouMean(word, known, otherwise) {
      suggestions += 1;
      const near = suggestions > MOST_SUGGESTIONS ? undefined : suggest(word, known);
      return near === undefined ? otherwise : `Did you mean \`${near}\`?`;
    },
  };
}
