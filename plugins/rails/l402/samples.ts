import type { Sample } from '../../../lib/docs/html/code.ts'
import type { SampleService } from '../../../lib/docs/rail-docs.ts'

/**
 * Complete programs that buy an answer over Lightning, one per language. The tests run all of them with the development
 * wallet; with another wallet only the paying line differs.
 * @param workout the body of the request, as JSON
 */
export function lightningSamples(service: SampleService, workout: string): Sample[] {
  return [
    { language: 'curl', code: curl(service, workout) },
    { language: 'TypeScript', code: typescript(service, workout) },
    { language: 'Python', code: python(service, workout) }
  ]
}

function curl({ publicUrl, hasDevelopmentWallet }: SampleService, workout: string): string {
  const pay = hasDevelopmentWallet
    ? `PREIMAGE=$(curl -sS "$URL/dev/lightning/pay" -H 'content-type: application/json' \\
  -d "{\\"invoice\\":\\"$INVOICE\\"}" | sed -n 's/.*"preimage":"\\([^"]*\\)".*/\\1/p')`
    : `PREIMAGE=$(lncli payinvoice --json --force "$INVOICE" | tr -d ' \\n' \\
  | sed -n 's/.*"payment_preimage":"\\([^"]*\\)".*/\\1/p')`
  return `URL=${publicUrl}
cat > workout.json <<'JSON'
${workout}
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

function typescript({ publicUrl, hasDevelopmentWallet }: SampleService, workout: string): string {
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
const workout = ${workout}

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

function python({ publicUrl, hasDevelopmentWallet }: SampleService, workout: string): string {
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
WORKOUT = json.loads("""${workout}""")


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
