import type { BuildOptions } from 'esbuild'

/** Packages that look for files beside themselves, that do not survive joining, or that few starts need. */
export const LEFT_OUTSIDE = [
  '@opentelemetry/*',
  '@foundry-rs/*',
  '@photostructure/sqlite',
  // Joins the pages where they are not built yet.
  'esbuild',
  'invoices',
  'ioredis',
  'light-bolt11-decoder',
  'ln-service',
  'macaroons.js',
  'pg',
  // Its worker threads are files that it looks for beside itself.
  'pino',
  'pino-pretty',
  'prom-client',
  'tiny-secp256k1',
  'undici'
]

// CommonJS packages inside an ES module still ask for these.
const COMMON_JS_NAMES = [
  "import{createRequire as __createRequire}from'node:module'",
  "import{fileURLToPath as __fileURLToPath}from'node:url'",
  'const require=__createRequire(import.meta.url),__filename=__fileURLToPath(import.meta.url)',
  "const __dirname=__filename.replace(/\\/[^/]*$/,'')"
].join(';')

/** How programs are joined with their packages into few files, for what ships and for tests alike. */
export const JOINED = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  keepNames: true,
  banner: { js: `${COMMON_JS_NAMES};` },
  logLevel: 'warning'
} as const satisfies BuildOptions
