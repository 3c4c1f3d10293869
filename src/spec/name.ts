/** Why a name cannot be used, in words that follow "it"; undefined where it can. */
export function nameFault(name: string, maxLength: number): string | undefined {
  if (name === '') return 'is empty';
  if (name.length > maxLength) return `has ${name.length} characters, and at most ${maxLength} are possible`;
  if (/[^\u0020-\u007e]/.test(name)) return 'has characters other than a to z, 0 to 9 and `-`';
  if (/^[0-9.:/]+$/.test(name)) return 'does not begin with a letter';
  if (/[^a-z0-9-]/.test(name)) return `has ${strange(name)}`;
  if (!/^[a-z]/.test(name)) return 'does not begin with a letter';
  if (name.endsWith('-')) return 'ends with a hyphen';
  return undefined;
}

function strange(name: string): string {
  if (/[A-Z]/.test(name) && !/[^A-Za-z0-9-]/.test(name)) return 'capital letters';
  const character = /[^A-Za-z0-9-]/.exec(name)?.[0] ?? '';
  const known: Readonly<Record<string, string>> = { _: 'an underscore', '.': 'a dot', ' ': 'a space', '/': 'a slash', ':': 'a colon' };
  return known[character] ?? `the character \`${character}\``;
}

/** The nearest name that could be used; undefined when nothing usable is left of it. */
export function correctedName(name: string, maxLength: number): string | undefined {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const tidy = letters.replace(/[^a-z0-9]+/g, '-').replace(/^-+/, '');
  if (tidy === '' || tidy === '-') return undefined;
  const begun = /^[a-z]/.test(tidy) ? tidy : `n${tidy}`;
  return begun.slice(0, maxLength).replace(/-+$/, '');
}
