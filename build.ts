import { build } from 'esbuild'
import { JOINED, LEFT_OUTSIDE } from './build-options.ts'

/**
 * Joins the service and the packages that every start needs into few files: reading hundreds of them is most of a
 * start. What only some configurations load stays outside and loads when it is needed.
 */
await build({
  ...JOINED,
  entryPoints: ['server.ts'],
  outdir: 'dist/bundle',
  external: [...LEFT_OUTSIDE, '@x402/*', 'viem']
})

// Beside it, for operators: where the service runs, there are its books.
await build({
  ...JOINED,
  entryPoints: ['commands/athletes.ts', 'commands/ledger.ts'],
  outdir: 'dist/bundle/commands',
  external: LEFT_OUTSIDE
})
