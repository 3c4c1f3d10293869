import type { BottleFile } from '../spec/schema/bottle.ts';
import type { Names } from './names.ts';
import type { Group } from './network.ts';
import type { Report } from './report.ts';

/** Groups with members that exist, each once. */
export function readGroups(file: BottleFile, names: Names, report: Report): readonly Group[] {
  return Object.entries(file.groups ?? {}).map(([name, spec]) => {
    const members: string[] = [];
    const seen = new Set<string>();
    for (const [index, member] of spec.entries()) {
      const origin = ['groups', name, index];
      if (names.nodes.has(member) || names.segments.has(member)) {
        if (seen.has(member))
          report.warn('member-twice', origin, `\`${member}\` is in the group \`${name}\` twice`, { remedy: 'Leave one out.' });
        else members.push(member);
        seen.add(member);
      } else if (names.groups.has(member)) {
        report.error('group-in-group', origin, `\`${member}\` is itself a group`, {
          remedy: 'Name its members: groups hold machines, routers and networks.',
        });
      } else {
        const known = [...names.nodes.keys(), ...names.segments.keys()];
        report.error('unknown-member', origin, `there is no machine, router or network \`${member}\``, {
          remedy: names.didYouMean(member, known, 'Describe it, or take it out of the group.'),
        });
      }
    }
    return { name, members };
  });
}
