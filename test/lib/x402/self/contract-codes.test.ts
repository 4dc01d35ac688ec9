import t from 'tap'
import { ContractCodes } from '../../../../lib/x402/self/contract-codes.ts'

const address = (index: number) => `0x${index.toString(16).padStart(40, '0')}`

t.test('codes are kept for a while, whatever their size, and not without end', async (t) => {
  let now = 1_800_000_000_000
  const codes = new ContractCodes(() => now)
  t.equal(codes.find(address(1)), undefined)
  codes.keep(address(1), '0x')
  codes.keep(address(0xabc), `0x${'60'.repeat(24_000)}`)
  t.equal(codes.find(address(1)), '0x')
  t.equal(codes.find(address(0xabc).toUpperCase().replace('0X', '0x')), '0x00', 'in any spelling; that there is one')
  now += 29_999
  t.equal(codes.find(address(1)), '0x')
  now += 1
  t.equal(codes.find(address(1)), undefined)
  for (let index = 0; index < 10_000; index++) codes.keep(address(index), '0x')
  const kept = Array.from({ length: 10_000 }, (_, index) => codes.find(address(index))).filter((code) => code === '0x')
  t.ok(kept.length >= 2_000 && kept.length <= 4_000, `${kept.length} are kept`)
})
