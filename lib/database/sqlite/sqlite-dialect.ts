import type { DatabaseSyncInstance } from '@photostructure/sqlite'
import { type SqliteDatabase as KyselyDatabase, SqliteDialect } from 'kysely'

/** Lets Kysely use the one shared connection, so that `:memory:` is a single database. */
export function sqliteDialect(db: DatabaseSyncInstance): SqliteDialect {
  const database: KyselyDatabase = {
    prepare(sql) {
      const statement = db.prepare(sql)
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters),
        run: (parameters) => statement.run(...parameters),
        iterate: (parameters) => statement.iterate(...parameters)
      }
    },
    // The connection is closed by its owner.
    close() {}
  }
  return new SqliteDialect({ database })
}
