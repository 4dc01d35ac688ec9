import { build } from 'esbuild'
import { JOINED, LEFT_OUTSIDE } from '../../build-options.ts'

/** Joins the tools of docker-compose.yml into few files, for the image that holds them beside the service's packages. */
await build({ ...JOINED, entryPoints: ['ops/compose/main.ts'], outdir: 'dist/compose', external: LEFT_OUTSIDE })
