/** Longest text that distances are measured from: a bit of a word stands for each character. */
export const LONGEST_WANTED = 32

const CHARACTERS = 128
const placesOf = new Int32Array(CHARACTERS)

/** What distances are measured from, of any text: case, blanks and hyphens do not count, and a long one is cut. */
export function comparable(text: string): string {
  const beginning = text.slice(0, LONGEST_WANTED).toLowerCase()
  // Again, since a few letters become two when they are lowered.
  return beginning.replace(/[^a-z0-9]+/g, '_').slice(0, LONGEST_WANTED)
}

/**
 * Levenshtein distance from one text to each of many: a column of the table in a few steps on words (Myers 1999, in
 * Hyyrö's form of 2003). What depends on the wanted text alone is made once for all of them.
 * @param wanted `comparable`
 * @param texts ASCII
 */
export function editDistances(wanted: string, texts: readonly string[]): number[] {
  for (let place = 0; place < wanted.length; place++) placesOf[wanted.charCodeAt(place)]! |= 1 << place
  const distances = texts.map((text) => distanceTo(text, wanted.length))
  for (let place = 0; place < wanted.length; place++) placesOf[wanted.charCodeAt(place)] = 0
  return distances
}

function distanceTo(text: string, wantedLength: number): number {
  if (wantedLength === 0) return text.length
  const lastRow = 1 << (wantedLength - 1)
  let rises = -1
  let falls = 0
  let distance = wantedLength
  for (let column = 0; column < text.length; column++) {
    const equal = placesOf[text.charCodeAt(column)]!
    const vertical = equal | falls
    const horizontal = (((equal & rises) + rises) ^ rises) | equal
    let up = falls | ~(horizontal | rises)
    let down = rises & horizontal
    if (up & lastRow) distance++
    if (down & lastRow) distance--
    up = (up << 1) | 1
    down <<= 1
    rises = down | ~(vertical | up)
    falls = up & vertical
  }
  return distance
}
