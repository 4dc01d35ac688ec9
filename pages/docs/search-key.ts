/** Text in the form that searches compare: lower case, and no separators within names. */
export function searchKey(text: string): string {
  return text.toLowerCase().replace(/[_-]+/g, ' ')
}

/** Whether a key holds every word of a question. */
export function matches(key: string, question: string): boolean {
  return searchKey(question)
    .split(/\s+/)
    .every((word) => key.includes(word))
}
