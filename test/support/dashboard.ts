/** The Grafana dashboard as a file. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard } from '../../ops/images/dashboard/dashboard.ts'
import { ROOT } from '../runner/joined.ts'

export const DASHBOARD = JSON.parse(readFileSync(join(ROOT, 'ops/grafana/power-oracle.json'), 'utf8')) as Dashboard
