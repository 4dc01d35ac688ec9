import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isPemCertificate, renewCredentials } from '../../../lib/lightning/lnd-credentials.ts'
import { excessPermissions } from '../../../lib/lightning/macaroon-permissions.ts'
import { CERTIFICATE, RENEWED_CERTIFICATE } from './certificates.ts'

t.test('what LND renewed in its files is read again', async (t) => {
  const folder = t.testdir()
  const at = (name: string) => join(folder, name)
  const write = (name: string, base64: string) => writeFileSync(at(name), Buffer.from(base64, 'base64'))
  write('tls.cert', CERTIFICATE)
  write('invoice.macaroon', 'AgEDbG5k')
  const known = {
    socket: 'lnd:10009',
    cert: { base64: CERTIFICATE, file: at('tls.cert') },
    macaroon: { base64: 'AgEDbG5k', file: at('invoice.macaroon') }
  }
  t.equal(await renewCredentials(known), known, 'nothing has changed')
  write('tls.cert', RENEWED_CERTIFICATE)
  t.strictSame(await renewCredentials(known), { ...known, cert: { ...known.cert, base64: RENEWED_CERTIFICATE } })
  write('tls.cert', RENEWED_CERTIFICATE.slice(0, 200))
  t.equal(await renewCredentials(known), known, 'a certificate that is half-written')
  rmSync(at('tls.cert'))
  write('invoice.macaroon', '')
  t.equal(await renewCredentials(known), known, 'a file that is gone, another that is empty')
  write('invoice.macaroon', 'AgEDbG5l')
  t.strictSame(await renewCredentials(known), { ...known, macaroon: { ...known.macaroon, base64: 'AgEDbG5l' } })
  const asText = {
    ...known,
    cert: { base64: CERTIFICATE, file: undefined },
    macaroon: { base64: 'x', file: undefined }
  }
  t.equal(await renewCredentials(asText), asText, 'what was given as text')
})

t.test('a certificate in PEM form', async (t) => {
  t.ok(isPemCertificate(CERTIFICATE))
  for (const other of ['', 'Y2VydA==', CERTIFICATE.slice(0, 200)]) t.notOk(isPemCertificate(other), other)
})

t.test('permissions beyond those that are needed', async (t) => {
  const field = (type: number, value: Buffer) => Buffer.concat([Buffer.from([type, value.length]), value])
  const op = (permission: string) => {
    const [entity = '', action = ''] = permission.split(/:(?!\/)(.*)/s)
    return field(26, Buffer.concat([field(10, Buffer.from(entity)), field(18, Buffer.from(action))]))
  }
  /** As LND bakes one: location, identifier, end of section. */
  const macaroon = (...permissions: string[]) => {
    const identifier = Buffer.concat([
      Buffer.from([3]),
      field(10, Buffer.alloc(16, 9)),
      field(18, Buffer.from('0')),
      ...permissions.map(op)
    ])
    const sections = [field(1, Buffer.from('lnd')), field(2, identifier), Buffer.from([0, 0])]
    return Buffer.concat([Buffer.from([2]), ...sections]).toString('base64')
  }
  t.strictSame(excessPermissions(macaroon('info:read', 'invoices:write')), [])
  t.strictSame(excessPermissions(macaroon('info:read', 'invoices:read', 'invoices:write')), ['invoices:read'])
  t.strictSame(excessPermissions(macaroon('offchain:write', 'info:read')), ['offchain:write'])
  for (const unreadable of ['', 'AAAA', 'AgEDbG5k', 'Av//////', macaroon('info:read').slice(0, 20)])
    t.strictSame(excessPermissions(unreadable), [], unreadable)
})
