import type { Family } from '../../../src/address/ip.ts';
import type { Node } from '../../../src/proof/sets/diagram.ts';

/** Packets of a family. */
export interface Found {
  readonly family: Family;
  readonly packets: Node;
}
