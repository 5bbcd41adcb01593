package vault

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"jurat"
)

// wrapVersion begins a wrapped key, so that another way of wrapping can be
// told from this one (V16).
const (
	wrapVersion = 1
	wrapPurpose = "jurat vault data key v1\x00"
	wrapNonce   = 12
	wrappedSize = 1 + wrapNonce + keySize + tagSize
)

var errWrapped = errors.New("the key does not unwrap")

// wrap seals a data key for one blob under the wrapping key (V16).
func wrap(kek cipher.AEAD, id BlobID, key []byte) []byte {
	out := make([]byte, 1+wrapNonce, wrappedSize)
	out[0] = wrapVersion
	rand.Read(out[1:])
	return kek.Seal(out, out[1:], key, []byte(wrapPurpose+string(id)))
}

// unwrap opens what wrap made. It cannot tell a wrong wrapping key from a
// damaged wrapped key, so neither is called altered (V17).
func unwrap(kek cipher.AEAD, id BlobID, wrapped []byte) ([]byte, error) {
	if len(wrapped) != wrappedSize || wrapped[0] != wrapVersion {
		return nil, errWrapped
	}
	sealed := wrapped[1+wrapNonce:]
	key, err := kek.Open(nil, wrapped[1:1+wrapNonce], sealed, []byte(wrapPurpose+string(id)))
	if err != nil {
		return nil, errWrapped
	}
	return key, nil
}

// Tag is what finds the same bytes again without telling what they are:
// HMAC-SHA-256 of the digest's 32 bytes under the duplicates key (V19).
func (v *Vault) Tag(d jurat.Digest) [32]byte {
	h := hmac.New(sha256.New, v.dupKey)
	h.Write(d[:])
	return [32]byte(h.Sum(nil))
}
