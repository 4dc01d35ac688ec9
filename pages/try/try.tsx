/** The page to try it: builds a workout, checks it while it is written, buys its answer and shows it. */
import { render } from 'preact'
import { App } from './app.tsx'
import type { CatalogueDocument } from './model/catalogue.ts'
import { useLoaded } from './purchase/loaded.ts'
import type { SoldRail } from './purchase/rails.ts'
import { LoadingMessage } from './views/loading-message.tsx'

const root = document.querySelector<HTMLElement>('#try')
if (root !== null) {
  const { catalogue = '', rails = '[]' } = root.dataset
  root.replaceChildren()
  render(<Try catalogueUrl={new URL(catalogue, location.href).href} rails={JSON.parse(rails) as SoldRail[]} />, root)
}

interface Props {
  readonly catalogueUrl: string
  readonly rails: readonly SoldRail[]
}

/** The form, once the movements are there. */
function Try({ catalogueUrl, rails }: Props) {
  const loaded = useLoaded<CatalogueDocument>(catalogueUrl)
  if (loaded.value === undefined) return <LoadingMessage loaded={loaded} words="Loading the movements…" />
  return <App movements={loaded.value} rails={rails} />
}
