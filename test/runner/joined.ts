/**
 * How tests and the programs that they start are joined into few files. Finding, translating and linking hundreds of
 * modules was most of a start, and `npm test` makes some hundred starts.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildOptions, Plugin } from 'esbuild'

export const ROOT = join(import.meta.dirname, '..', '..')

/** These look for files beside themselves, do not survive joining, or are asked for by `require` as well. */
const LEFT_OUTSIDE = [
  '@foundry-rs/*',
  '@photostructure/sqlite',
  'esbuild',
  'invoices',
  'ioredis',
  'light-bolt11-decoder',
  'ln-service',
  'macaroons.js',
  'pg',
  'pino',
  'pino-pretty',
  'solc',
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

export const JOINED = {
  absWorkingDir: ROOT,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  keepNames: true,
  // Without the sources: a stack trace needs their names and lines, and the map is read with the first one.
  sourcemap: true,
  sourcesContent: false,
  external: LEFT_OUTSIDE,
  banner: { js: `${COMMON_JS_NAMES};` },
  logLevel: 'warning'
} as const satisfies BuildOptions

/** What a file asks about itself is answered as if it were still where it was written. */
export const asWritten: Plugin = {
  name: 'as-written',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('/node_modules/')) return undefined
      const self = { url: pathToFileURL(path).href, dirname: dirname(path), filename: path }
      const contents = readFileSync(path, 'utf8').replace(
        /\bimport\.meta\.(url|dirname|filename)\b/g,
        (_, name: keyof typeof self) => JSON.stringify(self[name])
      )
      return { contents, loader: 'ts' }
    })
  }
}
