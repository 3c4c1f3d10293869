/** Which program a command runs first, where that can be told from its words. */

export interface FirstProgram {
  /** Undefined where only a shell could tell, or where it may be absent and the line goes on. */
  readonly word?: string;
  /** Whether it may be something that the shell knows by itself. */
  readonly inShell: boolean;
}

const UNKNOWN: FirstProgram = { inShell: false };

/** @param isThere whether there is such a program */
export function programOf([program = '', ...args]: readonly string[], isThere: (program: string) => boolean): FirstProgram {
  if (program !== '/bin/sh' || args[0] !== '-c') return behindEnv([program, ...args], isThere);
  const line = args[1] ?? '';
  // Whoever writes what is to be done otherwise knows that it may fail.
  if (line.includes('||')) return UNKNOWN;
  const words = plainWords(line);
  const settings = settingsBefore(words);
  if (settings === undefined) return UNKNOWN;
  const [first, ...rest] = words.slice(settings);
  if (first === undefined) return UNKNOWN;
  if (first === 'exec') return rest[0]?.startsWith('-') === true ? UNKNOWN : behindEnv(rest, isThere);
  return isEnv(first) ? behindEnv([first, ...rest], isThere) : { word: first, inShell: true };
}

/** What env(1) runs is what comes after the variables; with options, it may be anything. */
function behindEnv(words: readonly string[], isThere: (program: string) => boolean): FirstProgram {
  const [first, ...rest] = words;
  if (first === undefined) return UNKNOWN;
  if (!isEnv(first) || !isThere(first)) return { word: first, inShell: false };
  const settings = settingsBefore(rest);
  return settings === undefined || rest[settings]?.startsWith('-') === true ? UNKNOWN : behindEnv(rest.slice(settings), isThere);
}

const isEnv = (word: string): boolean => /(^|\/)env$/.test(word);

/** How many words set variables for the one behind them; undefined where it is looked for by another PATH then. */
function settingsBefore(words: readonly string[]): number | undefined {
  const count = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const settings = words.slice(0, count === -1 ? words.length : count);
  return settings.some((word) => word.startsWith('PATH=')) ? undefined : settings.length;
}

/**
 * What a line begins with, as long as these are plain words of its first command: neither the name of a function, nor the number of a
 * descriptor, nor something that the shell has to work out first.
 */
function plainWords(line: string): readonly string[] {
  const words: string[] = [];
  const word = /\s*((?:[\w./+,:@%=-]|'[^']*'|"[^"$`\\]*")+)(?=$|[\s;|&<>])(?!\s*\()/y;
  for (let found = word.exec(line); found !== null; found = word.exec(line)) {
    const [, text = ''] = found;
    if (/^\d+$/.test(text) && /[<>]/.test(line[word.lastIndex] ?? '')) break;
    words.push(text.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'));
    if (!/[ \t]/.test(line[word.lastIndex] ?? '')) break;
    // Only before the first word, a new line is not the end of a command.
    if (/^[ \t]*[\r\n]/.test(line.slice(word.lastIndex))) break;
  }
  return words;
}
