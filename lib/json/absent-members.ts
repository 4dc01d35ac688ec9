/** The parts of a JSON Schema that decide which members are optional. */
export interface MemberSchema {
  readonly properties?: Readonly<Record<string, MemberSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | MemberSchema
  readonly items?: MemberSchema
  readonly anyOf?: readonly MemberSchema[]
}

/**
 * Removes the members of a parsed value that are null and that its schema makes optional: some languages write null for
 * an absent value. The validator reports a null for a required or an unknown member. Recursion is as deep as the
 * schema.
 */
export function removeAbsent(value: unknown, schema: MemberSchema): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const item of value) removeAbsent(item, schema.items)
    return
  }
  const members = value as Record<string, unknown>
  const forms = schema.anyOf ?? [schema]
  for (const name of Object.keys(members)) {
    const isOptional = forms.some((form) => !form.required?.includes(name))
    for (const form of forms) {
      const known = memberOf(form, name)
      if (known === undefined) continue
      if (members[name] !== null) removeAbsent(members[name], known)
      else if (isOptional) delete members[name]
    }
  }
}

function memberOf({ properties, additionalProperties }: MemberSchema, name: string): MemberSchema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
