/** Reads the service as @agentcash/discovery does, and fails at each warning that is not named here. */
import {
  checkEndpointSchema,
  discoverOriginSchema,
  getOpenAPI,
  getWarningsForL2,
  getWarningsForL3,
  getWarningsForL4,
  getWarningsForOpenAPI
} from '@agentcash/discovery'

/** `x-payment-info` is flat, as other readers need it: the payment draft's own `intent` counts as the legacy form. */
const KNOWN = ['L2_PAYMENT_INFO_LEGACY']

const target = process.env.BASE_URL
const origin = await discoverOriginSchema({ target, guidance: 'always' })
const paid = origin.endpoints.filter(({ authMode }) => authMode === 'paid' || authMode === 'apiKey+paid')
if (!origin.found || paid.length !== 2 || paid.some(({ price }) => !/0\.10/.test(JSON.stringify(price))))
  throw new Error(`the directory reads ${JSON.stringify(paid)}`)
const document = (await getOpenAPI(target)).unwrapOr(null)
const endpoint = await checkEndpointSchema({ url: `${target}/v1/compute-power` })
const warnings = [
  ...getWarningsForOpenAPI(document),
  ...getWarningsForL2({ routes: document.routes.map((route) => ({ ...route, ...route.pricing })), source: 'openapi' }),
  ...endpoint.advisories.flatMap((advisory) => getWarningsForL3({ source: 'openapi', ...advisory })),
  ...getWarningsForL4(document.guidance ? { guidance: document.guidance, source: 'openapi' } : null)
]
const ours = warnings.filter(({ code }) => !KNOWN.includes(code))
for (const { severity, code, message, path } of ours) console.log(`${severity} ${code} ${path ?? ''}: ${message}`)
if (ours.length > 0) process.exit(1)
console.log(`a directory finds ${origin.endpoints.length} routes, ${paid.length} of them paid, and warns of nothing`)
