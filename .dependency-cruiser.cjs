// The import law of design.md §3. test/architecture.test.ts sees every rule fire on test/fixtures/laws.

const feature =
  '^src/(chat|people|orders|leave|attendance|incidents|settlement|rating|policy|login|webhooks|imports|exports|privacy)/'

// Files of a feature that do things. Every other file in a feature decides, and is pure.
const doing =
  '(flow|employ|staff|figureflow|figuring|posting|assign|announce|complaint|look|words|factwords|sweep|enact|native|nudge|nudgeWords|intake|followup|digest|overview|compose|enter|notices|converse|receive|inorder|newOrder|taps|talk|wishes|named|revisiting|attending|leaving|leavedraft|leavetaps|leavelists|leaveacts|leavefind|leavewords|follow|incidenting|incidententer|incidentacts|incidenttaps|incidentfind|incidentwords|evidencewords|presence|load|explain|picture|picturefont|reckon|monthly|monthtaps|quoted|simulate|slipview|signin|guard|cookies|tokens|routes|sign|reach|send|deliver|openmany|bookread|template|kinds|run|ordersin|peoplein|figuresin|sheetout|ordersout|peopleout|pointsnow|leavers|customerdata|persondata)[.]ts$'
// Files that are Prisma and nothing else.
const stores =
  '(store|rows|find|tasks|happened|media|accounts|places|employment|roster|figurestore|ledgerstore|tablestore|monthorders|boardrows|eventstore|openinputs|leaverows|datarows)[.]ts$'
// Packages that compute and touch nothing.
const calculators = '^node_modules/(luxon|zod|lunar-typescript|chinese-days|jsep|decimal.js|uqr|@types/)'
const typesOnly = ['type-only']

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Files that need each other are one file, or share a third. Types count.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/generated/' },
      to: { circular: true },
    },
    {
      name: 'pure-files-import-pure-files',
      comment: 'A file that decides imports only files that decide, errors, escaping, and packages that compute.',
      severity: 'error',
      from: { path: feature, pathNot: [`/${doing}`, `/${stores}`] },
      to: {
        pathNot: [`${feature}(?!${doing}|${stores})`, '^src/(errors|html)[.]ts$', calculators],
        dependencyTypesNot: typesOnly,
      },
    },
    {
      name: 'pure-files-know-no-database',
      comment: 'Not even its types: a decision takes plain values.',
      severity: 'error',
      from: { path: feature, pathNot: [`/${doing}`, `/${stores}`] },
      to: { path: '^src/(db|generated|context[.]ts|outbox|engine|http)' },
    },
    {
      name: 'stores-are-prisma-and-nothing-else',
      comment: 'A store imports the database, ids, and files that decide; anything else as types at most.',
      severity: 'error',
      from: { path: `^src/(?!platforms|sandbox).*/${stores}` },
      to: {
        pathNot: [
          '^src/(db/|generated/prisma/|ids[.]ts|errors[.]ts)',
          '^(node:)?crypto$',
          `${feature}(?!${doing})`,
          '^node_modules/(@prisma/client|uuid)/',
        ],
        dependencyTypesNot: typesOnly,
      },
    },
    {
      name: 'prisma-only-in-stores',
      comment: 'Only src/db and the stores know the generated client.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(db|generated|outbox)/', '^src/http/idempotency[.]ts$', `/${stores}`] },
      to: { path: ['^src/generated/', '^node_modules/(@prisma/|prisma/|pglite-prisma-adapter/|pg/|@electric-sql/)'] },
    },
    {
      name: 'features-know-no-platform',
      comment:
        'Features speak of people and cards; platforms carry them. The contract may be known as types where events come in.',
      severity: 'error',
      from: { path: feature, pathNot: '^src/(chat/receive|login/signin)[.]ts$' },
      to: { path: '^src/(platforms|sandbox)/' },
    },
    {
      name: 'platform-contract-as-types',
      comment: 'Outside src/platforms the contract is types; only the composition takes a platform itself.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platforms/|sandbox/|(app|main|wiring)[.]ts)' },
      to: { path: '^src/platforms/', dependencyTypesNot: typesOnly },
    },
    {
      name: 'platform-folders-are-private',
      comment: 'Nobody but the composition looks into a platform.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platforms/|(app|main|wiring)[.]ts)' },
      to: { path: '^src/platforms/[^/]+/' },
    },
    {
      name: 'platforms-know-no-feature',
      comment:
        'A platform knows the contract, cards, inbound events, errors, escaping, kinds of addresses, clock and log, and packages other than Prisma.',
      severity: 'error',
      from: { path: '^src/platforms/' },
      to: {
        path: '^(src/|node_modules/(@prisma|prisma|pg)/)',
        pathNot: '^src/(platforms/|chat/(inbound|card)[.]ts|errors[.]ts|html[.]ts|addresses[.]ts|now[.]ts|log[.]ts)',
      },
    },
    {
      name: 'platforms-know-no-other-platform',
      comment: 'What two platforms share lies beside platform.ts.',
      severity: 'error',
      from: { path: '^src/platforms/([^/]+)/' },
      to: { path: '^src/platforms/[^/]+/', pathNot: '^src/platforms/$1/' },
    },
    {
      name: 'only-the-top-sees-everything',
      comment: 'Nothing imports main, and only what is started imports the composition.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(app|main|doctortool)[.]ts$' },
      to: { path: '^src/(app|main|wiring)[.]ts$' },
    },
    {
      name: 'sandbox-stays-apart',
      comment: 'The sandbox is wired by the composition only; its wire types are shared with its page.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(sandbox/|(app|main|wiring|demo)[.]ts)' },
      to: { path: '^src/sandbox/', pathNot: '^src/sandbox/wire[.]ts$' },
    },
    {
      name: 'sandbox-knows-no-service',
      comment: 'It plays the platform: what it shared with the service could not be found wrong by it.',
      severity: 'error',
      from: { path: '^src/sandbox/' },
      to: { path: '^src/', pathNot: '^src/(sandbox/|errors[.]ts|now[.]ts|log[.]ts|root[.]ts|webfiles[.]ts)' },
    },
    {
      name: 'pages-import-wire-types-only',
      comment: 'A browser page shares with the service nothing but the types of what they say to each other.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/', pathNot: ['^src/web/', '^src/.*wire[.]ts$'] },
    },
    {
      name: 'http-clients-in-platforms-only',
      comment:
        'What leaves this program leaves through a platform, but for webhooks: they go where somebody entered, so one file looks at each address and sends to that very address, with nothing of a client that follows, pools or retries by itself.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(platforms/|webhooks/(send|reach)[.]ts)' },
      to: { path: '^(node_modules/(axios|undici)/|(node:)?(https|http2|dns)(/|$))' },
    },
    {
      name: 'nothing-unresolved',
      comment:
        'An import that leads nowhere would keep every law. Sheets of Element Plus are found by the build alone, which fails without them.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true, pathNot: '^element-plus/es/.*/style/css[.]mjs$' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^src/generated'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.vue', '.css', '.json'],
    },
    combinedDependencies: false,
  },
}
