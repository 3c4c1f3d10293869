/** Arguments and options that several commands have, in the words of the help. */
export const FILE = ['[file]', 'the bottle file; bottle.yaml in this directory unless given'] as const;

/** `web,mail`; given again, it adds. */
export const names = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...text.split(',').filter((name) => name !== ''),
];
export const MACHINE = ['<machine>', 'a machine or router of the bottle'] as const;
export const MACHINES = ['<machine...>', 'machines or routers of the bottle'] as const;
export const YES = ['-y, --yes', 'do not ask before interrupting or removing what runs'] as const;
export const BOTTLE = ['-b, --bottle <name>', 'the bottle; that of the file in this directory unless given'] as const;
