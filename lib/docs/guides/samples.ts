import type { Sample } from '../html/code.ts'

/** The wallet of a sample: play money if the service has some, otherwise the reader's own. */
export interface SampleSite {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly hasDevelopmentWallet: boolean
  readonly hasDevelopmentChain: boolean
}

/** @param developmentRails rails with a development wallet in this process */
export function sampleSite(publicUrl: string, developmentRails: readonly string[]): SampleSite {
  return {
    publicUrl,
    hasDevelopmentWallet: developmentRails.includes('l402'),
    hasDevelopmentChain: developmentRails.includes('x402')
  }
}

/**
 * Complete programs that buy an answer over Lightning, one per language. The tests run all of them with the development
 * wallet; with another wallet only the paying line differs.
 * @param workout the body of the request
 */
export function lightningSamples(site: SampleSite, workout: object): Sample[] {
  return [
    { language: 'curl', code: curl(site, workout) },
    { language: 'TypeScript', code: typescript(site, workout) },
    { language: 'Python', code: python(site, workout) }
  ]
}

function curl({ publicUrl, hasDevelopmentWallet }: SampleSite, workout: object): string {
  const pay = hasDevelopmentWallet
    ? `PREIMAGE=$(curl -sS "$URL/dev/lightning/pay" -H 'content-type: application/json' \\
  -d "{\\"invoice\\":\\"$INVOICE\\"}" | sed -n 's/.*"preimage":"\\([^"]*\\)".*/\\1/p')`
    : `PREIMAGE=$(lncli payinvoice --json --force "$INVOICE" | tr -d ' \\n' \\
  | sed -n 's/.*"payment_preimage":"\\([^"]*\\)".*/\\1/p')`
  return `URL=${publicUrl}
cat > workout.json <<'JSON'
${JSON.stringify(workout, null, 2)}
JSON

# Ask. Any problem is reported now, free of charge.
curl -sS "$URL/v1/compute-power" -H 'content-type: application/json' \\
  --data-binary @workout.json -o offer.json
INVOICE=$(sed -n 's/.*"invoice":"\\([^"]*\\)".*/\\1/p' offer.json)
MACAROON=$(sed -n 's/.*"macaroon":"\\([^"]*\\)".*/\\1/p' offer.json)

# Pay. The preimage is the proof.
${pay}

# Ask again: the same request, with the proof.
curl -sS --fail-with-body "$URL/v1/compute-power" -H 'content-type: application/json' \\
  -H "Authorization: L402 $MACAROON:$PREIMAGE" --data-binary @workout.json
`
}

function typescript({ publicUrl, hasDevelopmentWallet }: SampleSite, workout: object): string {
  const pay = hasDevelopmentWallet
    ? `async function payInvoice(invoice: string): Promise<string> {
  const paid = await post('/dev/lightning/pay', JSON.stringify({ invoice }))
  const { preimage } = await paid.json() as { preimage: string }
  return preimage
}`
    : `async function payInvoice(invoice: string): Promise<string> {
  const { preimage } = await window.webln.sendPayment(invoice) // or any other wallet
  return preimage
}`
  return `const url = '${publicUrl}'
const workout = ${JSON.stringify(workout, null, 2)}

const body = JSON.stringify(workout)
const asked = await post('/v1/compute-power', body)
if (asked.status !== 402) throw new Error(await asked.text()) // every problem, free of charge
const { macaroon, invoice } = await asked.json() as { macaroon: string; invoice: string }

const preimage = await payInvoice(invoice)
const answer = await post('/v1/compute-power', body, { authorization: \`L402 \${macaroon}:\${preimage}\` })
if (!answer.ok) throw new Error(await answer.text()) // the same proof works again
const { results } = await answer.json() as { results: { session: { total_work: object } } }
console.log(results.session.total_work)

function post(path: string, body: string, headers = {}): Promise<Response> {
  return fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
}

${pay}
`
}

function python({ publicUrl, hasDevelopmentWallet }: SampleSite, workout: object): string {
  const pay = hasDevelopmentWallet
    ? `def pay_invoice(invoice):
    return post("/dev/lightning/pay", {"invoice": invoice})[1]["preimage"]`
    : `def pay_invoice(invoice):
    command = ["lncli", "payinvoice", "--json", "--force", invoice]
    return json.loads(subprocess.check_output(command))["payment_preimage"]`
  const imports = hasDevelopmentWallet ? 'import json' : 'import json\nimport subprocess'
  return `${imports}
import urllib.error
import urllib.request

URL = "${publicUrl}"
WORKOUT = json.loads("""${JSON.stringify(workout, null, 2)}""")


def post(path, body, headers={}):
    request = urllib.request.Request(
        URL + path, json.dumps(body).encode(), {"content-type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


${pay}


status, offer = post("/v1/compute-power", WORKOUT)
assert status == 402, offer  # every problem, free of charge
proof = f"L402 {offer['macaroon']}:{pay_invoice(offer['invoice'])}"
status, answer = post("/v1/compute-power", WORKOUT, {"Authorization": proof})
assert status == 200, answer  # the same proof works again
print(answer["results"]["session"]["total_work"])
`
}

/** Buys an answer in dollars with the protocol's own client. */
export function dollarSample({ publicUrl, hasDevelopmentChain }: SampleSite, workout: object): Sample {
  const wallet = hasDevelopmentChain
    ? `const { payer, network, asset } = await (await fetch(\`\${url}/dev/x402\`)).json()
const account = privateKeyToAccount(payer.private_key)
const allowedAssets = [{ network, asset, maxAmountPerPayment: '100000' }]`
    : `const account = privateKeyToAccount(process.env.PAYER_KEY as \`0x\${string}\`)
const allowedAssets = [] // none besides those that the client knows, such as USDC on Base`
  return {
    language: 'TypeScript',
    code: `import { ExactEvmScheme } from '@x402/evm/exact/client'
import { wrapFetchWithPaymentFromConfig } from '@x402/fetch'
import { privateKeyToAccount } from 'viem/accounts'

const url = '${publicUrl}'
${wallet}
const fetchWithPayment = wrapFetchWithPaymentFromConfig(fetch, {
  schemes: [{ network: 'eip155:*', client: new ExactEvmScheme(account) }],
  spendControls: { maxAmountPerPayment: '$0.10', allowedAssets }
})

const response = await fetchWithPayment(\`\${url}/v1/compute-power\`, {
  method: 'POST',
  // The key lets a lost answer be fetched again.
  headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
  body: JSON.stringify(${JSON.stringify(workout)})
})
if (!response.ok) throw new Error(await response.text())
const { results } = await response.json()
console.log(results.session.total_work)
`
  }
}
