import { build } from 'esbuild'

/**
 * Joins the service and the packages that every start needs into few files: reading hundreds of them is most of a
 * start. What only some configurations load stays outside and loads when it is needed.
 */
const LOADED_WHEN_NEEDED = [
  '@foundry-rs/*',
  '@photostructure/sqlite',
  '@x402/*',
  'invoices',
  'ioredis',
  'light-bolt11-decoder',
  'ln-service',
  'macaroons.js',
  'pg',
  // Its worker threads are files that it looks for beside itself.
  'pino',
  'pino-pretty',
  'tiny-secp256k1',
  'undici',
  'viem'
]

// CommonJS packages inside an ES module still ask for these.
const COMMON_JS_NAMES = [
  "import{createRequire as __createRequire}from'node:module'",
  "import{fileURLToPath as __fileURLToPath}from'node:url'",
  'const require=__createRequire(import.meta.url),__filename=__fileURLToPath(import.meta.url)',
  "const __dirname=__filename.replace(/\\/[^/]*$/,'')"
].join(';')

await build({
  entryPoints: ['server.ts'],
  outdir: 'dist/bundle',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  keepNames: true,
  external: LOADED_WHEN_NEEDED,
  banner: { js: `${COMMON_JS_NAMES};` },
  logLevel: 'warning'
})
