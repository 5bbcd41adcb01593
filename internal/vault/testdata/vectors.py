#!/usr/bin/env python3
"""Makes testdata/vectors.json from docs/format/vault.md alone (V6 to V19).

It shares nothing with the Go code: Python's hmac and the AES-GCM of the
package cryptography. Run it from the folder internal/vault and compare:
    python3 testdata/vectors.py | diff - testdata/vectors.json
With the arguments KEK BLOB WRAPPED FILE (hex, id, hex, path) it decrypts a blob
file of a vault to standard output instead.
"""
import hashlib, hmac, json, sys
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CHUNK = 16384
LABEL = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"
PURPOSE = b"jurat vault data key v1\0"


def expand(key, info, n):  # RFC 5869, section 2.3
    out, block, i = b"", b"", 1
    while len(out) < n:
        block = hmac.new(key, block + info + bytes([i]), hashlib.sha512).digest()
        out, i = out + block, i + 1
    return out[:n]


def derive(key, salt, context):
    out = expand(key, LABEL + salt + context, 32 + 12 + 32)
    return AESGCM(out[:32]), int.from_bytes(out[32:44], "big"), out[44:]


def seal(key, salt, context, message):
    aead, base, commitment = derive(key, salt, context)
    out = salt + commitment
    for k in range(len(message) // CHUNK + 1):
        out += aead.encrypt((base ^ k).to_bytes(12, "big"), message[k * CHUNK:(k + 1) * CHUNK], b"")
    return out


def open_(key, context, sealed):
    aead, base, commitment = derive(key, sealed[:24], context)
    assert commitment == sealed[24:56], "the header does not belong to this key and blob"
    out, k, body = b"", 0, sealed[56:]
    while True:
        chunk = body[k * (CHUNK + 16):(k + 1) * (CHUNK + 16)]
        out += aead.decrypt((base ^ k).to_bytes(12, "big"), chunk, b"")
        if len(chunk) < CHUNK + 16:
            return out
        k += 1


def unwrap(kek, blob, wrapped):
    assert wrapped[0] == 1 and len(wrapped) == 61
    return AESGCM(kek).decrypt(wrapped[1:13], wrapped[13:], PURPOSE + blob)


def main():
    if len(sys.argv) == 5:
        blob = sys.argv[2].encode()
        key = unwrap(bytes.fromhex(sys.argv[1]), blob, bytes.fromhex(sys.argv[3]))
        sys.stdout.buffer.write(open_(key, blob, open(sys.argv[4], "rb").read()))
        return
    vectors = []
    for n in (0, 1, 16383, 16384, 16385, 40000):
        def draw(what, size):
            return expand(hashlib.sha512(what.encode()).digest(), str(n).encode(), size)
        blob, kek, key, salt = draw("blob", 16).hex().encode(), draw("kek", 32), draw("key", 32), draw("salt", 24)
        nonce, dup, message = draw("nonce", 12), draw("dup", 32), bytes((i * 7 + n) % 251 for i in range(n))
        sealed = seal(key, salt, blob, message)
        digest = hashlib.sha256(message).digest()
        vectors.append({
            "blob": blob.decode(), "kek": kek.hex(), "duplicates_key": dup.hex(), "key": key.hex(), "salt": salt.hex(),
            "wrapped": (b"\1" + nonce + AESGCM(kek).encrypt(nonce, key, PURPOSE + blob)).hex(),
            "size": n, "message": "byte i is (i*7 + size) mod 251", "digest": "sha256:" + digest.hex(),
            "tag": hmac.new(dup, digest, hashlib.sha256).hexdigest(),
            "sealed_size": len(sealed), "header": sealed[:56].hex(), "sealed_sha256": hashlib.sha256(sealed).hexdigest(),
        })
    print(json.dumps(vectors, indent=1))


main()
