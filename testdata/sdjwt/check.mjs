// Reads an SD-JWT on standard input and the issuer's public key (a JWK) as the
// only argument, verifies it with @sd-jwt/core, and prints the claims it shows
// as JSON. It knows nothing of Jurat: it is the reader somebody else would use.
//
//     npm ci --ignore-scripts
//     node check.mjs '{"kty":"OKP","crv":"Ed25519","x":"…"}' < shown.sd-jwt
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { SDJwtInstance } from "@sd-jwt/core";

const key = createPublicKey({ key: JSON.parse(process.argv[2]), format: "jwk" });
const shown = readFileSync(0, "utf8");

const reader = new SDJwtInstance({
  hashAlg: "sha-256",
  hasher: (data, alg) => {
    if (alg !== "sha-256") throw new Error(`hash ${alg} is not known`);
    return new Uint8Array(createHash("sha256").update(data).digest());
  },
  verifier: (data, sig) => verify(null, Buffer.from(data), key, Buffer.from(sig, "base64url")),
});

try {
  await reader.verify(shown);
  // RFC 9901 §7.1 step 5: a disclosure that no digest names is refused. This
  // version of the library leaves that to its caller; it does say which it used.
  const used = (await reader.presentableKeys(shown)).length;
  const given = shown.split("~").length - 2;
  if (used !== given) throw new Error(`${given} disclosures, of which ${used} are named by a digest`);
  console.log(JSON.stringify(await reader.getClaims(shown)));
} catch (err) {
  console.error(`refused: ${err.message}`);
  process.exitCode = 1;
}
