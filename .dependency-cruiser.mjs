/**
 * Which parts may know each other; `npm run check` holds it. Type-only imports count: a part that names the type of
 * another one cannot change without it.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    {
      name: 'no-ring-of-files',
      comment: 'Files in a ring can only be read, tested and changed together.',
      severity: 'error',
      from: { path: '^(lib|plugins|routes|schemas|commands)/' },
      to: { circular: true }
    },
    {
      name: 'no-ring-of-folders',
      comment: 'A folder of lib stands on those below it; in a ring none of them can be read first or reused alone.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^lib/[^/]+$' },
      to: { circular: true, path: '^lib/[^/]+$' }
    },
    {
      name: 'lib-imports-lib-and-schemas',
      comment: 'Imports point down: what a plugin or a route wires does not know that it is wired.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(app|server)[.]ts$|^(plugins|routes|commands|examples|test)/' }
    },
    {
      name: 'lib-without-fastify',
      comment: 'lib runs in commands, tests and benches without an HTTP server, and outlives a change of framework.',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: 'node_modules/(fastify|fastify-plugin|@fastify)/' }
    },
    {
      name: 'drivers-without-product-or-settings',
      comment: 'A database driver runs any script and any migration: both come from its caller.',
      severity: 'error',
      from: { path: '^lib/database/' },
      to: { path: '^(lib|schemas)/', pathNot: '^lib/(database|time|memory|log|observe)/' }
    },
    {
      name: 'records-without-payment',
      comment: 'An athlete owns records whoever paid for them; lists, curves and erasure work the same on every rail.',
      severity: 'error',
      from: { path: '^lib/(workouts|curve)/' },
      to: { path: '^lib/(billing|ledger|l402|x402|lightning|price)/' }
    },
    {
      name: 'settings-without-rails',
      comment: 'A rail reads its own settings, so that a new rail changes no shared file.',
      severity: 'error',
      from: { path: '^lib/config/' },
      to: { path: '^lib/(billing|ledger|l402|lightning|x402)/' }
    },
    {
      name: 'l402-without-x402',
      comment: 'Each rail can be switched off, changed and removed alone.',
      severity: 'error',
      from: { path: '^lib/(l402|lightning)/' },
      to: { path: '^lib/x402/' }
    },
    {
      name: 'x402-without-l402',
      comment: 'Each rail can be switched off, changed and removed alone.',
      severity: 'error',
      from: { path: '^lib/x402/' },
      to: { path: '^lib/(l402|lightning)/' }
    },
    {
      name: 'rail-plugins-apart',
      comment: 'Each rail can be switched off, changed and removed alone; a new folder is held to that without a rule.',
      severity: 'error',
      from: { path: '^plugins/rails/([^/]+)/' },
      to: { path: '^plugins/rails/[^/]+/', pathNot: '^plugins/rails/$1/' }
    },
    {
      name: 'l402-plugin-without-x402',
      comment: 'Each rail can be switched off, changed and removed alone.',
      severity: 'error',
      from: { path: '^plugins/rails/l402/' },
      to: { path: '^(lib|plugins/rails)/x402/' }
    },
    {
      name: 'x402-plugin-without-l402',
      comment: 'Each rail can be switched off, changed and removed alone.',
      severity: 'error',
      from: { path: '^plugins/rails/x402/' },
      to: { path: '^(lib|plugins/rails)/(l402|lightning)/' }
    },
    {
      name: 'billing-without-rails',
      comment: 'The chain of billing works for every rail; it knows the interface in lib/billing/rail.ts alone.',
      severity: 'error',
      from: { path: '^lib/(billing|ledger)/' },
      to: { path: '^lib/(l402|lightning|x402)/' }
    },
    {
      name: 'plugins-without-rails',
      comment:
        'A folder of plugins wires each rail and has its routes; a third rail is one more folder and changes none.',
      severity: 'error',
      from: { path: '^(plugins|routes)/', pathNot: '^plugins/rails/' },
      to: { path: '^lib/(l402|lightning|x402)/|^plugins/rails/' }
    },
    {
      name: 'database-tests-in-their-folders',
      comment:
        '`npm run test:servers` chooses folders (test/runner/suites.ts): elsewhere Postgres would never be tried.',
      severity: 'error',
      from: {
        path: '^test/.*[.]test[.]ts$',
        pathNot: '^test/(lib/(billing|database|ledger|workouts)|app/history|x402/history|instances)/'
      },
      to: { path: '^test/support/(engines|servers|postgres-server)[.]ts$' }
    },
    {
      name: 'chain-tests-in-their-folders',
      comment: '`npm run test:chain` chooses a folder (test/runner/suites.ts): `npm test` needs nothing but Node.',
      severity: 'error',
      from: { path: '^test/.*[.]test[.]ts$', pathNot: '^test/(x402|instances|built|campaign)/' },
      to: { path: '^test/support/x402/chain[.]ts$' }
    }
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' }
  }
}
