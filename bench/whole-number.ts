/** Of an option's text. @throws when it is not a whole number above 0 */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${text} is not a whole number above 0`);
  return number;
}
