// Makes vectors.json, and with --check reads it again: passkeys' proofs of acts
// (docs/format/ledger.md, L23). It shares no code with the house, so that a
// fault cannot hide in both writer and reader. The vectors are frozen: made
// once, with keys that were thrown away.
import { createHash, createPublicKey, generateKeyPairSync, randomBytes, sign, verify } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('vectors.json', import.meta.url)
const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest()
const b64 = (b) => Buffer.from(b).toString('base64url')
const rp = 'records.city.example'

function thumbprint(k) {
  const members = k.kty === 'EC' ? { crv: k.crv, kty: k.kty, x: k.x, y: k.y } : { crv: k.crv, kty: k.kty, x: k.x }
  return b64(sha256(JSON.stringify(members)))
}

function device(kind) {
  const { publicKey, privateKey } = kind === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const key = kty === 'EC' ? { kty, crv, x, y, rp } : { kty, crv, x, rp }
  return { key, sign: (m) => (kty === 'EC' ? sign('sha256', m, privateKey) : sign(null, m, privateKey)) }
}

// proof is the claim actor_proof; change may turn anything before or after it is signed.
function proof(d, challenge, change = {}) {
  const client = { type: 'webauthn.get', challenge: b64(challenge), origin: 'https://' + rp, crossOrigin: false, ...change.client }
  for (const name of change.without ?? []) delete client[name]
  let data = Buffer.concat([sha256(change.rp ?? rp), Buffer.from([change.flags ?? 0x1d]), Buffer.from([0, 0, 0, 9]), change.more ?? Buffer.alloc(0)])
  if (change.cut) data = data.subarray(0, change.cut)
  let words = Buffer.from(change.words ?? JSON.stringify(client))
  let signature = d.sign(Buffer.concat([data, sha256(words)]))
  if (change.after) [data, words, signature] = change.after(data, words, signature)
  return { kind: change.kind ?? 'webauthn', person: 'officer-4471', key: thumbprint(change.key ?? d.key), authenticator_data: b64(data), client_data: b64(words), signature: b64(signature) }
}

const turned = (b, i) => { b = Buffer.from(b); b[i] ^= 1; return b }

function make() {
  const vectors = []
  for (const kind of ['ES256', 'EdDSA']) {
    const d = device(kind), stranger = device(kind), challenge = randomBytes(32)
    const add = (name, answer, change, key = d.key) => vectors.push({ name: `${kind}: ${name}`, clause: 'L23', answer, key, challenge: challenge.toString('hex'), proof: proof(d, challenge, change) })
    add('as it should be', 'intact')
    add('without crossOrigin', 'intact', { without: ['crossOrigin'] })
    add('with members of a later browser', 'intact', { client: { other_keys_can_be_added_here: 'do not compare clientDataJSON against a template' } })
    add('on a port, under the domain', 'intact', { client: { origin: 'https://counter.' + rp + ':8443' } })
    add('with extensions', 'intact', { flags: 0x85, more: Buffer.from([0xa0]) })
    add('another challenge', 'altered', { client: { challenge: b64(randomBytes(32)) } })
    add('a challenge with padding', 'altered', { client: { challenge: b64(challenge) + '=' } })
    add('of the other ceremony', 'altered', { client: { type: 'webauthn.create' } })
    add('another relying party', 'altered', { rp: 'other.example' })
    add('another origin', 'altered', { client: { origin: 'https://other.example' } })
    add('an origin that ends alike', 'altered', { client: { origin: 'https://evil' + rp } })
    add('an origin that begins alike', 'altered', { client: { origin: `https://${rp}.other.example` } })
    add('an origin over plain HTTP', 'altered', { client: { origin: 'http://' + rp } })
    add('an origin with a path', 'altered', { client: { origin: `https://${rp}/` } })
    add('no origin', 'altered', { without: ['origin'] })
    add('no type', 'altered', { without: ['type'] })
    add('no challenge', 'altered', { without: ['challenge'] })
    add('in a page of another origin', 'altered', { client: { crossOrigin: true } })
    add('nobody present', 'altered', { flags: 0x04 })
    add('nobody verified', 'altered', { flags: 0x01 })
    add('attested data', 'altered', { flags: 0x45 })
    add('a byte after the authenticator data', 'altered', { more: Buffer.from([0]) })
    add('a turned bit in the signature', 'altered', { after: (a, c, s) => [a, c, turned(s, s.length - 1)] })
    add('a turned bit in the authenticator data', 'altered', { after: (a, c, s) => [turned(a, 36), c, s] })
    add('a turned bit in the browser’s words', 'altered', { after: (a, c, s) => [a, turned(c, 30), s] })
    add('signed by a stranger', 'altered', { after: (a, c) => [a, c, stranger.sign(Buffer.concat([a, sha256(c)]))] })
    add('another key than the one named', 'could not tell', {}, stranger.key)
    add('authenticator data cut short', 'could not tell', { cut: 36 })
    add('words that are no JSON', 'could not tell', { words: '{"type":' })
    add('words with a member twice', 'could not tell', { words: `{"type":"webauthn.get","challenge":"${b64(challenge)}","origin":"https://${rp}","origin":"https://${rp}"}` })
    add('a kind that is not known', 'could not tell', { kind: 'later' })
  }
  writeFileSync(file, JSON.stringify(vectors, null, 1) + '\n')
}

// answer is L23, read once more.
function answer(v) {
  const p = v.proof, data = Buffer.from(p.authenticator_data, 'base64url'), words = Buffer.from(p.client_data, 'base64url')
  if (p.kind !== 'webauthn' || p.key !== thumbprint(v.key) || data.length < 37) return 'could not tell'
  let said
  try { said = JSON.parse(words) } catch { return 'could not tell' }
  if (new Set([...words.toString().matchAll(/"(\w+)":/g)].map((m) => m[1])).size !== [...words.toString().matchAll(/"(\w+)":/g)].length) return 'could not tell'
  const { rp: party, ...jwk } = v.key
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  if (!verify(jwk.kty === 'EC' ? 'sha256' : null, Buffer.concat([data, sha256(words)]), key, Buffer.from(p.signature, 'base64url'))) return 'altered'
  const host = /^(https:\/\/([a-z0-9.-]+)|http:\/\/((?:[a-z0-9-]+\.)*localhost))(:\d+)?$/.exec(said.origin ?? '')
  const name = host && (host[2] ?? host[3])
  const good = said.challenge === b64(Buffer.from(v.challenge, 'hex')) && said.type === 'webauthn.get' && (said.crossOrigin === undefined || said.crossOrigin === false) &&
    name && (name === party || name.endsWith('.' + party)) && data.subarray(0, 32).equals(sha256(party)) &&
    (data[32] & 0x45) === 0x05 && ((data[32] & 0x80) !== 0 || data.length === 37)
  return good ? 'intact' : 'altered'
}

if (process.argv[2] === '--check') {
  const vectors = JSON.parse(readFileSync(file))
  const wrong = vectors.filter((v) => answer(v) !== v.answer)
  for (const v of wrong) console.error(`${v.name}: ${answer(v)}, want ${v.answer}`)
  if (wrong.length > 0 || vectors.length < 50) process.exit(1)
  console.log(`${vectors.length} vectors`)
} else make()
