import { DatabaseLedger } from '../../../lib/ledger/database-ledger.ts'
import { SqliteStorage } from '../../../lib/storage/open-storage.ts'

/** A ledger in a SQLite database of its own. */
export class SqliteLedger extends DatabaseLedger {
  /**
   * @param path a file, or `:memory:`
   * @param now unix milliseconds
   * @throws Error when the file cannot be opened or is newer than this program
   */
  constructor(path: string, now: () => number) {
    super(new SqliteStorage(path), now)
  }

  override async close(): Promise<void> {
    await super.close()
    await this.database.close()
  }
}
