import type { Extent } from './snapshot.ts';

/** Whether a path, or a process's command line and environment, are to be looked at. */
export const inExtent = (extent: Extent, text: string): boolean => extent === 'all' || /netbottle/i.test(text);
