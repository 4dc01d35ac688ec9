/** Rows that say nothing of the work: scales, headings, days, lines. */
const IGNORED =
  /^(?:rx\+?|scaled|wod[\s:#]*[\d/.-]*|workout(?: of the day)?|metcon|strength|notes?|as prescribed|for (?:load|quality)|dnf|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b.*|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|[-=_*]+)\s*:?$/i

const NUMBERS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** The rows of a whiteboard, without bullets, fractions and quotes of word processors, and without what says nothing. */
export function rowsOf(text: string): string[] {
  return text
    .slice(0, LONGEST_TEXT)
    .normalize('NFKC')
    .replace(/[‘’′`´]/g, "'")
    .replace(/[“”″]|''/g, '"')
    .replace(/[‐-―−]/g, '-')
    .replace(/[×✕]/g, 'x')
    .replace(/⁄/g, '/')
    .replace(/[ \t]+[·•|][ \t]+/g, ', ')
    .replace(/[\u00a0\u2000-\u200b\u202f]/g, ' ')
    .replace(/\b(one|two|three|four|five|six|seven|eight|nine|ten)(?=\s+(?:rounds?|sets?)\b)/gi, (word) =>
      String(NUMBERS.indexOf(word.toLowerCase()) + 1)
    )
    .split('\n')
    .map((row) =>
      row
        .replace(/^\s*(?:[-*•·>–]+|\d+\.(?=\s))\s*/, '')
        .replace(/[\s:,]+$/, '')
        .trim()
    )
    .filter((row) => row !== '' && !IGNORED.test(row))
}

const LONGEST_TEXT = 5000

/**
 * The parts of a row that each name something: `10 cal row + 10 burpees` are two, `clean and jerk` and
 * `kettlebell swings, 53 lb` are one.
 * @param isWhole whether a text can stand alone
 */
export function partsOf(row: string, isWhole: (text: string) => boolean): string[] {
  return [/\s*;\s*/, /\s*,\s+/, /\s+\+\s+/, /\s+\/\s+/, /\s+(?:and|&)\s+/].reduce<string[]>(
    (parts, separator) => parts.flatMap((part) => splitAt(part, separator, isWhole)),
    [row]
  )
}

function splitAt(text: string, separator: RegExp, isWhole: (text: string) => boolean): string[] {
  const isGentle = !/[;,]/.test(separator.source)
  if (isGentle && isWhole(text)) return [text]
  const pieces = text.split(new RegExp(`(${separator.source})`))
  const parts: string[] = []
  for (let index = 0; index < pieces.length; index += 2) {
    const piece = pieces[index]!
    const before = parts.at(-1)
    const isOpen = before !== undefined && (before.split('(').length > before.split(')').length || !isWhole(before))
    if (before === undefined || (!isOpen && isWhole(piece))) parts.push(piece)
    else parts[parts.length - 1] = before + pieces[index - 1]! + piece
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
