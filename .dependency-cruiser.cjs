/** The way through the house: a folder imports only from folders to its left. See docs/architecture.md. */
const mayImport = {
  address: [],
  diagnostic: [],
  collection: [],
  openflow: ['address'],
  spec: ['address', 'diagnostic'],
  network: ['address', 'diagnostic', 'collection', 'openflow', 'spec'],
  resource: ['address', 'diagnostic'],
  compile: ['address', 'diagnostic', 'collection', 'network', 'resource'],
  plan: ['address', 'diagnostic', 'collection', 'resource'],
  backend: ['address', 'diagnostic', 'collection', 'resource', 'plan'],
  proof: ['address', 'diagnostic', 'collection', 'openflow', 'resource'],
  observe: ['address', 'diagnostic', 'network', 'resource', 'backend'],
  engine: ['address', 'diagnostic', 'collection', 'spec', 'network', 'resource', 'compile', 'plan', 'backend', 'proof', 'observe'],
  cli: ['address', 'diagnostic', 'spec', 'network', 'resource', 'compile', 'plan', 'backend', 'proof', 'observe', 'engine'],
};

const layers = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} may import ${allowed.length === 0 ? 'no other folder' : `only src/{${allowed.join(',')}}`}.`,
  severity: 'error',
  // A test may look at anything.
  from: { path: `^src/${folder}/`, pathNot: '\\.(test|fixture)\\.ts$' },
  to: { path: '^(src|tests|bench|scripts|examples)/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
}));

const nameless = '(^|/)(utils?|common|misc|helpers?)(/|\\.[a-z]+$)';

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'known-folders',
      comment: 'A new folder in src needs its place in the list of layers above.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: `^src/(${Object.keys(mayImport).join('|')})/` },
    },
    {
      name: 'no-test-in-program',
      comment: 'Only tests import tests.',
      severity: 'error',
      from: { pathNot: '(^tests/|\\.(test|fixture)\\.ts$)' },
      to: { path: '(^tests/|\\.(test|fixture)\\.ts$)' },
    },
    {
      name: 'no-cycle',
      comment: 'Two files that need each other are one idea, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'one-door-to-c',
      comment: 'Only src/backend/kernel/libc.ts calls into C.',
      severity: 'error',
      from: { path: '^(src|scripts|bench|tests)/', pathNot: '^src/backend/kernel/libc\\.ts$' },
      to: { path: '(^|/)node_modules/koffi/' },
    },
    {
      name: 'only-cli-has-colour',
      comment: 'Nothing but src/cli prints, so nothing else has a use for colours and terminals.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '(^|/)node_modules/(picocolors|commander|@bomb\\.sh)/|^(node:)?(readline|readline/promises|tty)$' },
    },
    ...[
      { from: { path: nameless }, to: {} },
      { from: {}, to: { path: nameless, pathNot: 'node_modules/' } },
    ].map((rule) => ({
      name: 'no-nameless-place',
      comment: 'utils, common, misc and helpers say nothing: name the thing after what it is for.',
      severity: 'error',
      ...rule,
    })),
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types are dependencies too.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
