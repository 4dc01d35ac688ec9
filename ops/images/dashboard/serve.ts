/**
 * Stands in for Grafana where its image cannot be had: serves the dashboard that is mounted for Grafana, drawn from the
 * Prometheus of docker-compose.yml.
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Dashboard } from './dashboard.ts'
import { drawDashboard } from './drawing.ts'

const PORT = 3000
const PROMETHEUS = 'http://prometheus:9090'
const DASHBOARD_FILE = '/var/lib/grafana/dashboards/power-oracle.json'
const RANGE_SECONDS = 900
const REFRESH_SECONDS = 10

const dashboard = JSON.parse(readFileSync(DASHBOARD_FILE, 'utf8')) as Dashboard

createServer(async (_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  const drawing = await drawDashboard(dashboard, PROMETHEUS, RANGE_SECONDS).catch((error: Error) => {
    response.statusCode = 502
    return `<p>Prometheus: ${error.name}</p>`
  })
  response.end(
    `<!doctype html><meta http-equiv="refresh" content="${REFRESH_SECONDS}"><title>${dashboard.title}</title>` +
      '<body style="margin:0;background:#111217;color:#ccccdc;font-family:sans-serif">' +
      `<p>${dashboard.title}, the last ${RANGE_SECONDS / 60} minutes. Drawn by ops/images/dashboard in place of Grafana.</p>${drawing}`
  )
}).listen(PORT)

process.once('SIGTERM', () => process.exit(0))
