/** The network that every contender makes: N machines on one network, and a router with a leg in it and one in another. */

export const GATEWAY = '10.0.0.1';
export const BEYOND_GATEWAY = '10.255.0.1';

/** The address of a machine, the first being number 0. Ten are kept for gateways. */
export const addressOf = (index: number): string => `10.0.${(index + 10) >> 8}.${(index + 10) & 255}`;

/** The bottle file of it. */
export function starFile(bottle: string, count: number): string {
  const machines = Array.from({ length: count }, (_, index) => `  m${index + 1}: { networks: { star: ${addressOf(index)} } }`);
  return [
    `name: ${bottle}`,
    'networks:',
    '  star: { subnet: 10.0.0.0/16 }',
    '  beyond: { subnet: 10.255.0.0/24 }',
    'routers:',
    `  gw: { networks: { star: ${GATEWAY}, beyond: ${BEYOND_GATEWAY} } }`,
    'machines:',
    ...machines,
    '',
  ].join('\n');
}
