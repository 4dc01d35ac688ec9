import { readFileSync } from 'node:fs'

/** Tells CPU microseconds, user and system, from one call to the next. */
export type CpuClock = () => number

/** Of this process, and of the database server's where there is one; both, since either may do the work. */
export function cpuClock(serverPid: number | undefined): CpuClock {
  let ownUs = ownCpuUs()
  let serverUs = serverPid === undefined ? NOBODY : cpuUsOfChildren(serverPid)
  return () => {
    const ownBefore = ownUs
    const serverBefore = serverUs
    ownUs = ownCpuUs()
    if (serverPid !== undefined) serverUs = cpuUsOfChildren(serverPid)
    let spentUs = ownUs - ownBefore
    for (const [pid, us] of serverUs) spentUs += us - (serverBefore.get(pid) ?? 0)
    return spentUs
  }
}

const NOBODY: ReadonlyMap<string, number> = new Map()

function ownCpuUs(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Postgres has a process for each connection. Time on the CPU is told to the nanosecond in `schedstat` alone. */
function cpuUsOfChildren(pid: number): Map<string, number> {
  const times = new Map<string, number>()
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)) {
    try {
      times.set(child, Number(readFileSync(`/proc/${child}/schedstat`, 'utf8').split(' ')[0]) / 1000)
    } catch {
      // It has ended meanwhile.
    }
  }
  return times
}
