import t from 'tap'
import { clientKey } from '../../../lib/limits/client-key.ts'
import { MinuteCounter } from '../../../lib/limits/minute-counter.ts'

t.test('clientKey: one for an IPv4 address, one for an IPv6 /64', async (t) => {
  const cases: [key: string, ...addresses: string[]][] = [
    ['192.0.2.1', '192.0.2.1', '::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:192.0.2.1'],
    ['192.0.2.2', '192.0.2.2', '::ffff:192.0.2.2', '::ffff:192.0.2.2%eth0'],
    ['127.0.0.1', '127.0.0.1', '::ffff:7f00:1'],
    ['0:0:0:0::/64', '::1', '::', '0:0:0:0:0:0:0:1', '::2:3:4:5', '::192.0.2.1'],
    ['2001:db8:0:0::/64', '2001:db8::1', '2001:DB8::ffff:1', '2001:0db8:0000:0000::', '2001:db8:0:0:9:8:7:6'],
    ['2001:db8:0:1::/64', '2001:db8:0:1::', '2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8::1:0:0:0:1'],
    ['2001:db8:0:10::/64', '2001:db8:0:10::1', '2001:db8:0:0010::1'],
    ['1:2:3:4::/64', '1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7::', '1:2:3:4::', '1:2:3:4:5:6:1.2.3.4', '1:2:3:4::1.2.3.4'],
    ['1:0:4:5::/64', '1::4:5:6:7:1.2.3.4', '1:0:4:5:6:7:102:304'],
    ['64:ff9b:0:0::/64', '64:ff9b::192.0.2.1', '64:ff9b::c000:202'],
    ['fe80:0:0:0::/64', 'fe80::1', 'fe80::1%eth0', 'fe80::2%eth0', 'fe80::abcd%7'],
    // What is no address counts as it stands.
    ['unknown', 'unknown'],
    ['', ''],
    ['1.2.3', '1.2.3'],
    ['::1::2', '::1::2']
  ]
  for (const [key, ...addresses] of cases)
    for (const address of addresses) t.equal(clientKey(address), key, JSON.stringify(address))
  const keys = cases.map(([key]) => key)
  t.equal(new Set(keys).size, keys.length)
})

t.test('MinuteCounter', async (t) => {
  const minute = 30_000_000 * 60_000
  const counter = new MinuteCounter(2)
  t.equal(counter.take('a', minute), undefined)
  t.equal(counter.take('a', minute + 1), undefined)
  t.equal(counter.take('a', minute + 1000), 59)
  t.equal(counter.take('a', minute + 1001), 59, 'rounded up')
  t.equal(counter.take('a', minute + 59_999), 1, 'never 0')
  t.equal(counter.take('b', minute + 59_999), undefined, 'each client has its own count')
  t.equal(counter.take('a', minute + 60_000), undefined, 'the next minute')
  t.equal(counter.take('a', minute), undefined, 'a clock that was set back locks nobody out')
  t.equal(new MinuteCounter(0).take('a', minute), 60, 'a limit of 0 takes nothing')
  t.equal(new MinuteCounter(1).take('a', 0), undefined)
})

t.test('MinuteCounter: past its memory, newcomers share one count', async (t) => {
  const counter = new MinuteCounter(2)
  for (let i = 0; i < 50_000; i++) counter.take(`client ${i}`, 0)
  t.equal(counter.take('client 0', 0), undefined, 'who was counted goes on')
  t.equal(counter.take('client 0', 0), 60)
  t.equal(counter.take('new 1', 0), undefined)
  t.equal(counter.take('new 2', 0), undefined)
  t.equal(counter.take('new 3', 0), 60)
  t.equal(counter.take('new 3', 60_000), undefined, 'until the minute is over')
})
