/** Longer names are cut; the longest registry name has 28 characters. */
const LONGEST_NAME = 64
const MOST_WORDS = 8

/** Abbreviations and compounds that stand for the words of registry names. */
const EXPANDED: Readonly<Record<string, string>> = {
  alt: 'alternating',
  bb: 'barbell',
  bdy: 'body',
  bw: 'bodyweight',
  cals: 'calorie',
  chinup: 'chin up',
  db: 'dumbbell',
  dumbell: 'dumbbell',
  getup: 'get up',
  hs: 'handstand',
  kb: 'kettlebell',
  ketlebell: 'kettlebell',
  kettelbell: 'kettlebell',
  mb: 'medicine ball',
  medball: 'medicine ball',
  med: 'medicine',
  muscleup: 'muscle up',
  oh: 'overhead',
  ohead: 'overhead',
  pressup: 'press up',
  pullup: 'pull up',
  pushup: 'push up',
  sa: 'single arm',
  situp: 'sit up',
  stepover: 'step over',
  stepup: 'step up',
  vup: 'v up',
  wallball: 'wall ball',
  wb: 'wall ball'
}

/** Counts, amounts and small words that do not identify a movement. */
const AMOUNT = /^\d+([x.]\d+)*(m|km|k|mi|ft|in|lb|kg|g|cal|calorie|rep|s|sec|min|yd|mile|meter|metre|pood|x|rm|e?mom)?$/
const SMALL_WORDS = new Set(
  'a an the of for with w in on at my your some x m km k ft lb kg g cm mile mi meter metre yard yd inch pound pood rep cal calorie set round max'.split(
    ' '
  )
)

/** A name without case, accents and separators: `Pull-Ups` and `pull_ups` are both `pullups`. */
export function compactKey(name: string): string {
  return plainText(name).replace(/[^a-z0-9]+/g, '')
}

/** The words of a name, without amounts and small words unless only these are present. */
export function writtenWords(name: string): string[] {
  const all = plainText(name)
    .replace(/\b(kettle|dumb|bar) bells?\b/g, '$1bell')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const telling = all.filter((word) => !AMOUNT.test(word) && !SMALL_WORDS.has(singular(word)))
  return (telling.length > 0 ? telling : all).slice(0, MOST_WORDS)
}

/** The same in canonical form: plurals made singular and abbreviations expanded. */
export function wordsOf(name: string): string[] {
  return writtenWords(name)
    .map(singular)
    .flatMap((word) => (Object.hasOwn(EXPANDED, word) ? EXPANDED[word]!.split(' ') : word))
}

function plainText(name: string): string {
  return name
    .slice(0, LONGEST_NAME)
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f'’‘`´.]+/g, '')
    .replace(/[&+]/g, ' and ')
    .replace(/(?<=[a-z])(?<!concept)[^a-z0-9]+2[^a-z0-9]+(?=[a-z])/g, ' to ')
}

/** English plurals as gyms write them; a word that ends in ss stays. */
function singular(word: string): string {
  if (word.length < 3 || !word.endsWith('s') || word.endsWith('ss')) return word
  return /(ss|sh|ch|x)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1)
}
