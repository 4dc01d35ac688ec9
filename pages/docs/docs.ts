/** What a script adds to the documentation: copy buttons, language tabs, search, a filter for movements. */
import { addCopyButtons } from './copy-buttons.ts'
import { addMovementFilter } from './movement-filter.ts'
import { addSearch } from './search.ts'
import { addTabs } from './tabs.ts'

// On a phone the contents would fill the screen.
if (matchMedia('(max-width: 60rem)').matches) document.querySelector('details.contents')?.removeAttribute('open')
addTabs()
addCopyButtons()
addMovementFilter()
addSearch()
