import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { loadDatabase } from '../config.ts'
import { openExistingStorage, openStorage } from '../lib/storage/open-storage.ts'
import { exportRecords, importRecords } from '../lib/workouts/export-import.ts'
import { athleteKey } from '../lib/workouts/workout-record.ts'
import { fail } from './fail.ts'

const USAGE = `npm run -s athletes -- export <athlete-uuid> > records.jsonl
npm run -s athletes -- import <athlete-uuid> < records.jsonl

  export  an athlete's records with every revision, as JSON Lines
  import  stores them; a record that is already stored and equal stays as it is`

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Exports or imports an athlete's records; DATABASE_URL names the database. The service may run. */
try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', default: false } }
  })
  const [way, uuid, ...more] = positionals
  if (values.help) process.stdout.write(`${USAGE}\n`)
  else if ((way !== 'export' && way !== 'import') || !UUID.test(uuid ?? '') || more.length > 0) fail(USAGE)
  else await move(way, athleteKey(uuid!))
} catch (error) {
  fail((error as Error).message)
}

async function move(way: 'export' | 'import', key: Buffer): Promise<void> {
  const open = way === 'export' ? openExistingStorage : openStorage
  const database = await open(loadDatabase(process.env))
  try {
    if (way === 'export') {
      for await (const line of exportRecords(database, key))
        if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve))
      return
    }
    const { imported, alreadyThere } = await importRecords(database, key, createInterface({ input: process.stdin }))
    process.stdout.write(`${imported} revisions imported, ${alreadyThere} already stored.\n`)
  } finally {
    await database.close()
  }
}
