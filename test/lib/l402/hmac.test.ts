import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { hmacSha256 } from '../../../lib/l402/hmac.ts'

t.test('HMAC-SHA256 is the one of RFC 4231, and of node:crypto for any key and message', async (t) => {
  t.equal(
    hmacSha256(Buffer.from('Jefe'), Buffer.from('what do ya want for nothing?')).toString('hex'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 300 }), (key, message) =>
      hmacSha256(Buffer.from(key), Buffer.from(message)).equals(createHmac('sha256', key).update(message).digest())
    )
  )
  t.throws(() => hmacSha256(Buffer.alloc(65), Buffer.alloc(1)), RangeError, 'longer keys have another rule')
})
