import t from 'tap'
import { clientKey, networksAround } from '../../../lib/limits/client-network.ts'
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
  const steps: [call: 'take' | 'wait', client: string, afterMs: number, expected: number | undefined, name: string][] =
    [
      ['take', 'a', 0, undefined, 'the first'],
      ['take', 'a', 1, undefined, 'the second'],
      ['take', 'a', 1000, 59, 'the third'],
      ['take', 'a', 1001, 59, 'rounded up'],
      ['take', 'a', 59_999, 1, 'never 0'],
      ['wait', 'a', 1001, 59, 'asked without counting'],
      ['wait', 'b', 59_999, undefined, 'asked before it was counted'],
      ['take', 'b', 59_999, undefined, 'each client has its own count'],
      ['wait', 'b', 59_999, undefined, 'asking counts nothing'],
      ['wait', 'b', 59_999, undefined, 'however often'],
      ['wait', 'b', 59_999, undefined, 'however often'],
      ['wait', 'b', 59_999, undefined, 'however often'],
      ['wait', 'b', 59_999, undefined, 'however often'],
      ['take', 'a', 60_000, undefined, 'the next minute'],
      ['take', 'a', 0, undefined, 'a clock that was set back locks nobody out']
    ]
  for (const [call, client, afterMs, expected, name] of steps)
    t.equal(counter[call](client, minute + afterMs), expected, name)
  t.equal(new MinuteCounter(0).take('a', minute), 60, 'a limit of 0 takes nothing')
  t.equal(new MinuteCounter(1).take('a', 0), undefined)
})

t.test('networksAround: the networks of a client', async (t) => {
  const cases: [key: string, narrow: string, wide: string][] = [
    ['2001:db8:0:1::/64', '2001:db8:0:0::/56', '2001:db8:0::/48'],
    ['2001:db8:0:ff::/64', '2001:db8:0:0::/56', '2001:db8:0::/48'],
    ['2001:db8:0:100::/64', '2001:db8:0:100::/56', '2001:db8:0::/48'],
    ['2001:db8:0:abcd::/64', '2001:db8:0:ab00::/56', '2001:db8:0::/48'],
    ['2001:db8:0:ab00::/56', '2001:db8:0:ab00::/56', '2001:db8:0::/48'],
    ['2001:db8:0::/48', '2001:db8:0::/48', '2001:db8:0::/48'],
    ['0:0:0:0::/64', '0:0:0:0::/56', '0:0:0::/48'],
    ['192.0.2.1', '192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.0/24', '192.0.2.0/24', '192.0.2.0/24'],
    ['unknown', 'unknown', 'unknown'],
    ['', '', '']
  ]
  for (const [key, ...networks] of cases) t.strictSame(networksAround(key), networks, JSON.stringify(key))
})

const KEYS = 50_000
const strangers = ['203.0.113.7', '2001:db8:ffff:1::/64', '2001:db8:ffff:2::/64', 'unknown']

t.test('MinuteCounter: a network with thousands of clients limits only itself', async (t) => {
  const clients: Record<string, (index: number) => string> = {
    'an IPv6 /48': (index) => clientKey(`2001:db8:1:${index.toString(16)}::1`),
    'a /56 in every /48': (index) =>
      clientKey(`2001:db8:${(index >> 8).toString(16)}:${(index & 0xff).toString(16)}::`),
    'one /64 in every /56': (index) =>
      clientKey(`2001:db8:${(index >> 8).toString(16)}:${(index % 256).toString(16)}00::`),
    'an IPv4 /16': (index) => `198.51.${(index >> 8) & 0xff}.${index & 0xff}`
  }
  for (const [name, clientOf] of Object.entries(clients)) {
    const counter = new MinuteCounter(3)
    for (let index = 0; index < 65_536; index++) counter.take(clientOf(index), 0)
    for (const stranger of strangers) {
      for (let time = 0; time < 3; time++) t.equal(counter.take(stranger, 0), undefined, `${name}: ${stranger}`)
      t.equal(counter.take(stranger, 0), 60, `${name}: ${stranger} has a count of its own`)
    }
    const folded = clientOf(0)
    t.ok(networksAround(folded).includes(String(counter.countedAs(folded))), `${name}: its clients count together`)
    for (let time = 0; time < 3; time++) counter.take(clientOf(time), 0)
    t.equal(counter.take(folded, 0), 60, `${name}: and have one limit`)
    for (const key of [folded, ...strangers]) t.equal(counter.take(key, 60_000), undefined, 'until the minute is over')
  }
})

t.test('MinuteCounter: folding keeps the busiest counts and starts no client at their sum', async (t) => {
  const counter = new MinuteCounter(10)
  for (let time = 0; time < 10; time++) counter.take('2001:db8:1:0::/64', 0)
  for (let index = 0; index < KEYS; index++) counter.take(clientKey(`2001:db8:1:${(index + 1).toString(16)}::`), 0)
  t.equal(counter.take('2001:db8:1:0::/64', 0), 60, 'a client over its limit stays so')
  const quiet = new MinuteCounter(10)
  for (let index = 0; index <= KEYS; index++) quiet.take(`10.${index >> 16}.${(index >> 8) & 0xff}.${index & 0xff}`, 0)
  t.equal(quiet.take('10.0.0.1', 0), undefined, 'its neighbours had one request each')
})

t.test('MinuteCounter: a table that does not fold locks out no stranger', async (t) => {
  const counter = new MinuteCounter(20)
  const apart = (index: number) => clientKey(`2001:${index.toString(16)}:1::`)
  for (let index = 0; index < 65_536; index++) counter.take(apart(index), 0)
  t.equal(counter.countedAs('203.0.113.7'), undefined, 'there is no room')
  for (let index = 0; index < 256; index++)
    if (counter.take(`10.0.${index}.1`, 0) !== undefined) t.fail(`stranger ${index} is locked out`)
  let taken = 0
  while (taken <= 20 && counter.take('203.0.113.7', 0) === undefined) taken++
  t.ok(taken > 0 && taken <= 20, 'strangers are limited all the same')
  t.equal(counter.take(apart(0), 0), undefined, 'a client that has its count goes on')
  t.equal(counter.take('203.0.113.7', 60_000), undefined, 'until the minute is over')
})
