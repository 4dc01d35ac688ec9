/**
 * A time as people write it: `4:30`, `1:02:03`, `270`, `90 s`, `20 min`.
 * @returns seconds; undefined for anything else
 */
export function parseTime(text: string): number | undefined {
  const words = text.trim().toLowerCase().replace(',', '.')
  const clock = /^(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)$/.exec(words)
  if (clock !== null) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3])
  const plain = /^(\d+(?:\.\d+)?)\s*(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)?$/.exec(words)
  if (plain === null) return undefined
  const factor = plain[2]?.startsWith('h') ? 3600 : plain[2]?.startsWith('m') ? 60 : 1
  return Number(plain[1]) * factor
}

/** Several times, separated by spaces, commas or semicolons. Undefined if one is invalid. */
export function parseTimes(text: string): number[] | undefined {
  const parts = text.split(/[;,\s]+/).filter((part) => part !== '')
  const times = parts.map(parseTime)
  return times.every((time) => time !== undefined) ? times : undefined
}

/** Seconds as a person writes them, exactly: `4:30`, or `78.5` where they are not whole. */
export function timeText(seconds: number): string {
  return Number.isInteger(seconds) ? clockText(seconds) : String(seconds)
}

/** Seconds as `4:30`, or `1:02:03`. */
export function clockText(seconds: number): string {
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (value: number) => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
