/**
 * How tests and the programs that they start are joined into few files. Finding, translating and linking hundreds of
 * modules was most of a start, and `npm test` makes some hundred starts.
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BuildOptions, Plugin } from 'esbuild'
import { JOINED, LEFT_OUTSIDE } from '../../build-options.ts'

export const ROOT = join(import.meta.dirname, '..', '..')

/** Tests are joined as what ships is, with all that they load. */
export const JOINED_FOR_TESTS = {
  ...JOINED,
  absWorkingDir: ROOT,
  // Without the sources: a stack trace needs their names and lines, and the map is read with the first one.
  sourcemap: true,
  sourcesContent: false,
  external: [...LEFT_OUTSIDE, 'esbuild', 'solc']
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
