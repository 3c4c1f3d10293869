import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import type { Lost } from '../spec/lost.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';

/**
 * What an error is decided by, besides what stands at its origin:
 *
 * - `nothing`: it is wrong whatever the rest says;
 * - `names`: by which names there are;
 * - `section`: by all that its own section of the file says, for it is about what is not there;
 * - sections: by all that they say.
 */
type DecidedBy = 'nothing' | 'names' | 'section' | readonly (keyof BottleFile)[];

const joining = ['networks', 'links', 'switches', 'bridges'] as const;
const topology = [...joining, 'routers', 'machines'] as const;

/** Errors that are not here are decided by the network as a whole, and wait until all of it can be read. */
const decidedBy: Readonly<Partial<Record<DiagnosticCode, DecidedBy>>> = {
  'address-twice': 'nothing',
  'address-with-length': 'nothing',
  'bad-address': 'nothing',
  'bad-arrow': 'nothing',
  'bad-command': 'nothing',
  'bad-device': 'nothing',
  'bad-directory': 'nothing',
  'bad-domain': 'nothing',
  'bad-forward': 'nothing',
  'bad-impairment': 'nothing',
  'bad-mac': 'nothing',
  'bad-prefix': 'nothing',
  'bad-variable': 'nothing',
  'duplicate-name': 'nothing',
  'host-bits': 'nothing',
  'joined-twice': 'nothing',
  'leading-zero': 'nothing',
  'mapped-address': 'nothing',
  'nat-twice': 'nothing',
  'reserved-name': 'nothing',
  'shared-of-tenant': 'nothing',
  'special-subnet': 'nothing',
  'tenant-elsewhere': 'nothing',
  'two-subnets': 'nothing',
  'zoned-address': 'nothing',

  'bad-service': 'names',
  'forward-target': 'names',
  'group-in-group': 'names',
  'link-as-network': 'names',
  'link-to-bridge': 'names',
  'service-in-service': 'names',
  'unknown-destination': 'names',
  'unknown-end': 'names',
  'unknown-member': 'names',
  'unknown-name-server': 'names',
  'unknown-network': 'names',
  'unknown-next-hop': 'names',
  'unknown-node': 'names',
  'unknown-service': 'names',

  'attach-to-what': 'section',
  'bad-rule': 'section',
  'key-without-mode': 'section',
  'link-ends': 'section',
  'nat-of-nothing': 'section',

  'address-in-use': joining,
  'address-outside-subnet': joining,
  'bridge-loop': joining,
  'bridge-on-macvlan': joining,
  'forward-where': topology,
  'impair-differs': topology,
  'impair-without-cable': joining,
  'joined-subnets-differ': joining,
  'listen-range': ['services'],
  'listen-twice': ['services'],
  'listen-without-port': ['services'],
  'mac-in-use': joining,
  'mtu-too-small': topology,
  'nat-address': topology,
  'nat-elsewhere': topology,
  'next-hop-is-self': topology,
  'next-hop-not-shared': topology,
  'one-legged-router': topology,
  'overlapping-subnets': joining,
  'overlay-bridge': joining,
  'overlay-circle': joining,
  'overlay-endpoint': topology,
  'overlay-families': joining,
  'overlay-id': joining,
  'overlay-key': 'nothing',
  'overlay-pair': topology,
  'route-families': topology,
  'routing-elsewhere': topology,
  'routing-twice': 'nothing',
  'route-to-own-network': topology,
  'route-twice': topology,
  'shared-unguarded': joining,
  'subnet-full': topology,
  'switch-key': joining,
  'tag-without-vlan': joining,
  'trunk-twice': joining,
  'two-untagged': topology,
  'vlan-twice': joining,
  'two-host-legs': joining,
  'unknown-switch': joining,
  'unusable-address': joining,
};

/**
 * Of what is said about a file that lacks some of its parts, the errors that there would be with them, too, whatever they say.
 * To say nothing is better than to say what is not so.
 */
export function certainErrors(diagnostics: readonly Diagnostic[], file: BottleFile, lost: readonly Lost[]): readonly Diagnostic[] {
  const names = namesIn(lost);
  const isCertain = (diagnostic: Diagnostic): boolean => {
    const by = decidedBy[diagnostic.code];
    const { origin = [], at } = diagnostic;
    if (by === undefined || lost.some((one) => isWithin(one.origin, origin) || (at === 'key' && isSpilled(one, origin)))) return false;
    if (by === 'nothing') return true;
    if (by === 'names') return names !== 'any' && tokensOf(textsAt(file, diagnostic)).every((token) => !names.has(token));
    const sections = by === 'section' ? [String(origin[0])] : by;
    return !lost.some((one) => mayBelongTo(sections, one));
  };
  return diagnostics.filter((one) => one.severity === 'error' && isCertain(one));
}

/** Where nothing is written after a key, the keys beside it may be meant to stand in it. */
function isSpilled(lost: Lost, origin: Origin): boolean {
  return lost.holds === 'nothing' && lost.origin.length === origin.length && isWithin(origin, lost.origin.slice(0, -1));
}

function isWithin(lost: Origin, origin: Origin): boolean {
  return origin.every((key, index) => key === lost[index]);
}

/** A key at the top of the file may be a section that was mistyped, and settings may be in the wrong place. */
function mayBelongTo(sections: readonly string[], { origin, holds }: Lost): boolean {
  return holds === 'settings' || origin.length < 2 || sections.includes(String(origin[0]));
}

function namesIn(lost: readonly Lost[]): ReadonlySet<string> | 'any' {
  const words = lost.map((one) => one.words);
  return words.includes(undefined) ? 'any' : new Set(tokensOf(words.flatMap((some) => some ?? [])));
}

/** The names in texts, and these as a whole. `My_Net` is meant by `my-net`, too: that is how a wrong name is put right. */
function tokensOf(texts: readonly string[]): readonly string[] {
  const tokens = texts.flatMap((text) => [text, ...text.split(/->|[\s,:[\]{}]/)]);
  return tokens.map((token) => token.toLowerCase().replace(/[\s_-]/g, '')).filter((token) => token !== '');
}

/** What a diagnostic speaks of, in the words of the file. */
function textsAt(file: BottleFile, { origin = [], at }: Diagnostic): readonly string[] {
  const key = origin.slice(-1).filter((one) => typeof one === 'string');
  if (at === 'key') return key;
  const value = origin.reduce<unknown>((one, step) => (one as Readonly<Record<string, unknown>> | undefined)?.[step], file);
  return [...key, ...(Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')];
}
