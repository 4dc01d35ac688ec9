import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * The heading of a panel that takes the focus when the panel appears or changes its step. It does so before the next
 * paint: a control that has just gone leaves no moment without a focus.
 */
export function useTitleFocus(takesFocus: boolean, step?: string) {
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    if (takesFocus) title.current?.focus()
  }, [takesFocus, step])
  return title
}
