import { Type } from '@sinclair/typebox'
import { Closed, StringEnum } from './quantity.ts'

/** A remark in an answer. One component serves every list of codes; a list's description names its known codes. */
export function Note<const Codes extends readonly string[]>(codes: Codes) {
  return Closed(
    {
      code: StringEnum(codes, { open: 'elsewhere', description: 'Stable code; later versions may add codes.' }),
      message: Type.String({ description: 'A sentence for people.' }),
      workout_id: Type.Optional(Type.String({ description: 'The workout that the note is about, if it is one.' }))
    },
    { title: 'Note', description: 'A remark about figures.' }
  )
}

/** The sentence with which a list of notes names its codes. */
export function knownCodes(codes: readonly string[]): string {
  return `Known codes: ${codes.map((code) => `\`${code}\``).join(', ')}.`
}
