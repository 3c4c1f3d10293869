/** Addresses that a network tells apart: those that it has, routes to, and names in rules. */
import type { Address, Prefix } from '../../address/ip.ts';
import { lastOf } from '../../address/prefix.ts';
import type { Table } from '../../resource/table.ts';
import type { Model } from '../path/model.ts';
import { type AddressCodes, addressCodes } from '../sets/address-codes.ts';
import { addressesNamed, type NamedAddresses } from '../sets/vocabulary.ts';
import { NOT_UNICAST } from './not-unicast.ts';

/** @param asked what questions are about, besides */
export function codesOf(
  models: readonly Model[],
  tables: readonly Pick<Table, 'chains' | 'sets'>[],
  asked: readonly (Address | Prefix)[],
): AddressCodes {
  const stations = models.flatMap((model) => [...model.stations.values()]);
  const all: readonly NamedAddresses[] = [
    ...stations.flatMap(({ addresses, routes, programs }) => [
      ...[...programs.values()].flatMap((program) => ('addresses' in program ? program.addresses.map(rangeOf) : [])),
      ...addresses.flatMap(({ address, prefix }) => [rangeOf(address), rangeOf(prefix)]),
      ...routes.map(({ to }) => rangeOf(to)),
    ]),
    ...addressesNamed(tables),
    ...asked.map(rangeOf),
    ...NOT_UNICAST[4].map((range): NamedAddresses => ({ family: 4, ...range })),
    ...NOT_UNICAST[6].map((range): NamedAddresses => ({ family: 6, ...range })),
    // The loopback of IPv6 alone.
    { family: 6, from: 1n, to: 1n },
  ];
  return addressCodes({ 4: all.filter(({ family }) => family === 4), 6: all.filter(({ family }) => family === 6) });
}

const rangeOf = (range: Address | Prefix): NamedAddresses => ({
  family: range.family,
  from: range.value,
  to: 'length' in range ? lastOf(range) : range.value,
});
