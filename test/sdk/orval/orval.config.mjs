export default {
  powerOracle: {
    input: process.env.DOCUMENT,
    output: { target: 'client.ts', client: 'fetch', baseUrl: process.env.BASE_URL }
  }
}
