/** Two decimals of a pixel; the same number is always the same text. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Three digits, as 271 or 0.5. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}

export function durationText(seconds: number): string {
  if (seconds < 60) return `${short(seconds)} s`
  if (seconds < 3600) return `${short(seconds / 60)} min`
  return seconds < 86_400 ? `${short(seconds / 3600)} h` : `${short(seconds / 86_400)} d`
}

export function text(className: string, x: number, y: number, words: string, anchor = 'start'): string {
  return `<text class="${className}" x="${px(x)}" y="${px(y)}" text-anchor="${anchor}">${escaped(words)}</text>`
}

export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
