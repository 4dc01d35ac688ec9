import type { BuildOptions } from 'esbuild'

/** Packages that need files beside themselves, that cannot be bundled, or that few starts need. */
export const LEFT_OUTSIDE = [
  '@opentelemetry/*',
  '@foundry-rs/*',
  '@photostructure/sqlite',
  // Bundles the pages if they are not built yet.
  'esbuild',
  'invoices',
  'ioredis',
  'light-bolt11-decoder',
  'ln-service',
  'macaroons.js',
  'pg',
  // Its worker threads are files beside it.
  'pino',
  'pino-pretty',
  'prom-client',
  'tiny-secp256k1',
  'undici'
]

// CommonJS packages inside an ES module still need these.
const COMMON_JS_NAMES = [
  "import{createRequire as __createRequire}from'node:module'",
  "import{fileURLToPath as __fileURLToPath}from'node:url'",
  'const require=__createRequire(import.meta.url),__filename=__fileURLToPath(import.meta.url)',
  "const __dirname=__filename.replace(/\\/[^/]*$/,'')"
].join(';')

/** How programs are bundled with their packages into few files, for the release and for tests. */
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
