/** Keys with a meaning in JavaScript: data that holds them would not be plain any more. */
const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Why a key cannot be used anywhere in a file; undefined where it can. */
export function reservedKey(key: string): { readonly message: string; readonly remedy: string } | undefined {
  if (!reserved.has(key)) return undefined;
  return { message: `\`${key}\` cannot be used as a key or a name`, remedy: 'Take another name.' };
}
