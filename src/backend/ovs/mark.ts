/** The mark on a row of Open vSwitch's database: `external_ids:netbottle=BOTTLE`. What bears none is never changed or removed. */
import { mapIn, type Row } from './wire.ts';

export const MARK = 'netbottle';

export const ownerOf = (row: Row): string | undefined => mapIn(row, 'external_ids')[MARK];

/** On the row of a bridge whose flows are ours. */
export const FLOWS_NOTE = 'netbottle-flows';
