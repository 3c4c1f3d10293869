/** The sum of a column of /proc/net/stat/arp_cache, which has a line for each processor. */
export function statisticOf(text: string, column: string): number {
  const [header = '', ...lines] = text.trimEnd().split('\n');
  const index = header.trim().split(/\s+/).indexOf(column);
  return index < 0 ? 0 : lines.reduce((sum, line) => sum + Number.parseInt(line.trim().split(/\s+/)[index] ?? '0', 16), 0);
}
