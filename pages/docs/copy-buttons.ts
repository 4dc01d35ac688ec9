import { copyText } from '../copy-text.ts'

const SHOWN_MS = 1500

/** A button on each piece of code that copies it. */
export function addCopyButtons(root: ParentNode = document): void {
  for (const block of root.querySelectorAll('.code')) {
    const code = block.querySelector('code')
    if (code === null) continue
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      button.textContent = (await copyText(code.textContent ?? '')) ? 'Copied' : 'Press Ctrl+C'
      setTimeout(() => {
        button.textContent = 'Copy'
      }, SHOWN_MS)
    })
    block.append(button)
  }
}
