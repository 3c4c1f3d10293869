/** Of names in one cell. */
const MOST_NAMES = 6;

/** `one, two and 7 more`. */
export function listedNames(names: readonly string[]): string {
  const left = names.length - MOST_NAMES;
  return left > 1 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${left} more` : names.join(', ');
}
