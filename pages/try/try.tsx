/** The page to try it: builds a workout, checks it while it is written, buys its answer and shows it. */
import { render } from 'preact'
import { App } from './app.tsx'
import { loadCatalogue } from './model/catalogue.ts'

const root = document.querySelector<HTMLElement>('#try')
if (root !== null) await start(root)

async function start(root: HTMLElement): Promise<void> {
  const { catalogue = '', developmentWallet, developmentChain } = root.dataset
  try {
    const movements = await loadCatalogue(catalogue)
    root.replaceChildren()
    render(
      <App
        catalogue={movements}
        hasDevelopmentWallet={developmentWallet === 'yes'}
        hasDevelopmentChain={developmentChain === 'yes'}
      />,
      root
    )
  } catch {
    root.textContent = 'The movements could not be loaded. Reload the page to try again.'
  }
}
