import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

const CHUNKS = [65_536, 4096, 1]

/** For tap's `skip`: the reason if this user cannot mount. */
export function noSmallDisk(): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount a small disk'
  const folder = mkdtempSync(join(tmpdir(), 'power-disk-'))
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { encoding: 'utf8' })
  if (status === 0) spawnSync('umount', [folder])
  rmdirSync(folder)
  return status === 0 ? false : `no disk can be mounted here: ${stderr?.trim() || 'there is no mount'}`
}

/** A file system of a few megabytes, for tests with a full or read-only disk. */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'power-disk-'))

  /** Unmounted after the test, once its processes have ended. */
  constructor(t: Test, megabytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.folder])
    t.teardown(() => {
      execFileSync('umount', ['-l', this.folder])
      rmdirSync(this.folder)
    })
  }

  /** To the last byte. */
  fill(): void {
    const file = openSync(join(this.folder, 'ballast'), 'a')
    for (const size of CHUNKS) {
      try {
        for (;;) writeSync(file, Buffer.alloc(size))
      } catch {
        // Full for writes of this size.
      }
    }
    closeSync(file)
  }

  free(): void {
    rmSync(join(this.folder, 'ballast'))
  }

  /** No file on it may be open for writing. */
  setReadOnly(isReadOnly: boolean): void {
    execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, this.folder])
  }
}
