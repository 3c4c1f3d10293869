import pc from 'picocolors';
import { expect, test } from 'vitest';
import { HOSTS_FILE } from '../compile/service.ts';
import { diff } from '../plan/diff.ts';
import type { Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import { planSummary, planText } from './plan-text.ts';

const textOf = (before: Resource, after: Resource, verbose = false): readonly string[] =>
  planText(pc.createColors(false), diff('lab', [after], [before]), { verbose, locate: () => undefined }).split('\n');

const process = (command: string): Resource => ({
  kind: 'process',
  origin: ['machines', 'web', 'run'],
  machine: 'web',
  namespace: HOST,
  name: 'run',
  command: [command],
  environment: {},
  directory: '/',
  restart: 'never',
  hosts: HOSTS_FILE,
  resolver: 'files/resolv-1',
});

test('a process that is started again has the sign of its machine', () => {
  for (const verbose of [false, true]) {
    const [machine, line] = textOf(process('one'), process('two'), verbose);
    expect([machine?.trim()[0], line?.trim()[0]]).toEqual(['!', '!']);
  }
});

test('a file is called by what it is for; by its path with -v', () => {
  const file = (content: string, path: string): Resource => ({ kind: 'file', origin: ['machines', 'web'], path, content });
  expect(textOf(file('a', HOSTS_FILE), file('b', HOSTS_FILE))).toContain('    ~ names of the machines');
  expect(textOf(file('a', 'files/resolv-1'), file('b', 'files/resolv-1'))).toContain('    ~ name servers');
  expect(textOf(file('a', HOSTS_FILE), file('b', HOSTS_FILE), true).join('\n')).toContain(HOSTS_FILE);
});

test('rules are one line, and which of them change is said with -v', () => {
  const table = (action: 'accept' | 'drop'): Resource => ({
    kind: 'table',
    origin: ['networks', 'lan'],
    namespace: HOST,
    family: 'inet',
    name: 'netbottle-lab',
    chains: [{ name: 'forward', rules: [{ comment: 'policy.web -> db', statements: [{ kind: 'verdict', verdict: action }] }] }],
    sets: [],
  });
  expect(textOf(table('accept'), table('drop'))).toContain('    ~ firewall rules of the host');
  expect(textOf(table('accept'), table('drop'), true).join('\n')).toContain(
    'rule policy.web -> db in chain forward is changed, shall be as the file says; live',
  );
});

test('what goes is told in the order of names, and of a machine that is stopped, that it goes', () => {
  const namespace = (name: string): Resource => ({ kind: 'namespace', origin: ['machines', name], name: `lab.${name}` });
  const resolver: Resource = { kind: 'file', origin: ['machines', 'db'], path: 'files/resolv.db', content: '' };
  const there = [namespace('web10'), resolver, namespace('web2')];
  for (const before of [there, there.toReversed()]) {
    const plan = diff('lab', [], before, before);
    const signs = ['- machine db', '- machine web2', '- machine web10'];
    expect(
      planText(pc.createColors(false), plan, { verbose: false, locate: () => undefined })
        .split('\n')
        .slice(0, -1),
    ).toEqual(signs);
    expect(planSummary(pc.createColors(false), plan, plan.changes).split('\n')).toEqual(['lab:', ...signs]);
  }
});

test('what loses something that is asked about has the sign of it', () => {
  const there: readonly Resource[] = [
    { kind: 'address', origin: ['machines', 'web'], namespace: HOST, device: 'lan', address: '10.1.0.2/24' },
  ];
  expect(planText(pc.createColors(false), diff('lab', [], there, there), { verbose: false, locate: () => undefined })).toMatch(
    /^! machine web/,
  );
});

test('networks without a device of their own are told of', () => {
  const port: Resource = { kind: 'namespace', origin: ['machines', 'web'], name: 'lab.web' };
  const plan = { ...diff('lab', [port], []), bareNetworks: { coming: ['green'], going: ['red'] } };
  const lines = planText(pc.createColors(false), plan, { verbose: false, locate: () => undefined }).split('\n');
  expect(lines).toEqual(['+ machine web', '+ network green', '- network red', '1 to make; 0 as they should be.']);
});

test('what routers speak is called by its name', () => {
  const daemon = (name: string, digest: string): Resource => ({
    kind: 'process',
    origin: ['routers', 'a', 'ospf'],
    machine: 'a',
    namespace: HOST,
    name: `frr.${name}`,
    command: [name],
    environment: { NETBOTTLE_CONFIGURATION: digest },
    directory: '/',
    restart: 'always',
    hosts: HOSTS_FILE,
    resolver: 'files/resolv.a',
  });
  const file = (content: string): Resource => ({ kind: 'file', origin: ['routers', 'a', 'ospf'], path: 'files/frr.ospf6d.a', content });
  expect(textOf(daemon('ospfd', '1'), daemon('ospfd', '2')).join('\n')).toContain('! OSPF for IPv4, whose daemon starts anew');
  expect(textOf(file('1'), file('2'))).toContain('    ~ settings of OSPF for IPv6');
});
