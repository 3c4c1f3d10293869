import type { Address, Prefix } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import type { AddressFault, PrefixFault } from '../../address/parsed.ts';
import { parsePrefix } from '../../address/prefix.ts';
import type { DiagnosticCode } from '../../diagnostic/codes.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Report } from '../report.ts';

/** Reads an address of the file, or says what is wrong with it. */
export function readAddress(text: string, origin: Origin, report: Report, at: 'key' | 'value' = 'value'): Address | undefined {
  const parsed = parseAddress(text);
  if (parsed.ok) return parsed.value;
  const { code, why, remedy } = explainAddress(text, parsed.fault);
  report.error(code, origin, why, { remedy, at });
  return undefined;
}

/** Reads a prefix of the file, or says what is wrong with it. */
export function readPrefix(text: string, origin: Origin, report: Report, at: 'key' | 'value' = 'value'): Prefix | undefined {
  const parsed = parsePrefix(text);
  if (parsed.ok) return parsed.value;
  const { code, why, remedy } = explainPrefix(text, parsed.fault);
  report.error(code, origin, why, { remedy, at });
  return undefined;
}

/** Whether a text means to be an address or prefix, right or wrong, rather than a name. */
export function looksLikeAddress(text: string): boolean {
  return /[:/%]/.test(text) || /^\d/.test(text);
}

interface Explanation {
  readonly code: DiagnosticCode;
  readonly why: string;
  readonly remedy: string;
}

function explainAddress(text: string, fault: AddressFault): Explanation {
  const written = `\`${text}\``;
  switch (fault.reason) {
    case 'empty':
      return {
        code: 'bad-address',
        why: 'the address is empty',
        remedy: 'Write an address such as `10.1.0.10` or `fd00:1::10`, or `auto`.',
      };
    case 'leading-zero':
      return {
        code: 'leading-zero',
        why: `${written} has a leading zero, which some programs read as octal`,
        remedy: `Write \`${fault.instead}\`.`,
      };
    case 'octet-out-of-range':
      return {
        code: 'bad-address',
        why: `${written} is not an IPv4 address: each number is from 0 to 255`,
        remedy: 'Correct the number that is too large.',
      };
    case 'octet-count':
      return {
        code: 'bad-address',
        why: `${written} is not an IPv4 address: it has four numbers with dots between`,
        remedy: 'Write all four, such as `10.1.0.10`.',
      };
    case 'zone':
      return {
        code: 'zoned-address',
        why: `${written} has a zone (\`%…\`), which means something on one machine only`,
        remedy: "Write an address of the network's subnet, without `%`; link-local addresses come by themselves.",
      };
    case 'mapped':
      return {
        code: 'mapped-address',
        why: `${written} is an IPv4-mapped address, which never travels on a network`,
        remedy: `Write \`${fault.instead}\`.`,
      };
    case 'prefix-length':
      return {
        code: 'address-with-length',
        why: `${written} has a prefix length, which comes from the network's subnet`,
        remedy: `Write \`${fault.instead}\`.`,
      };
    case 'syntax':
      return {
        code: 'bad-address',
        why: `${written} is not an IPv4 or IPv6 address`,
        remedy: 'Write an address such as `10.1.0.10` or `fd00:1::10`.',
      };
  }
}

function explainPrefix(text: string, fault: PrefixFault): Explanation {
  const written = `\`${text}\``;
  const isIPv6 = text.includes(':');
  switch (fault.reason) {
    case 'host-bits':
      return { code: 'host-bits', why: `${written} is an address within a subnet, not a subnet`, remedy: `Write \`${fault.instead}\`.` };
    case 'no-length':
      return {
        code: 'bad-prefix',
        why: `${written} has no prefix length`,
        remedy: `Write \`${fault.instead}\` for a subnet of the usual size${alone(text, fault)}.`,
      };
    case 'bad-length':
      return {
        code: 'bad-prefix',
        why: `${written} has a prefix length that is not a number of bits`,
        remedy: `Write it as \`${fault.instead ?? (isIPv6 ? 'fd00:1::/64' : '10.1.0.0/24')}\`.`,
      };
    case 'length-out-of-range':
      return {
        code: 'bad-prefix',
        why: `${written} has a prefix length above ${isIPv6 ? 128 : 32}`,
        remedy: `The usual one is \`${isIPv6 ? '/64' : '/24'}\`.`,
      };
    case 'empty':
    case 'syntax':
      return {
        code: 'bad-prefix',
        why: text === '' ? 'the subnet is empty' : `${written} is not a subnet`,
        remedy: 'Write one such as `10.1.0.0/24` or `fd00:1::/64`.',
      };
    default:
      return explainAddress(text, { reason: fault.reason, ...(fault.instead !== undefined && { instead: fault.instead }) });
  }
}

/** An address within a subnet may also mean itself. */
function alone(text: string, { instead }: PrefixFault): string {
  return instead?.startsWith(`${text}/`) ? '' : `, or \`${text}${text.includes(':') ? '/128' : '/32'}\` for this address alone`;
}
