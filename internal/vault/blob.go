package vault

import (
	"crypto/rand"
	"encoding/hex"

	"jurat"
)

// A BlobID names sealed bytes: 32 lower-case hexadecimal digits of 16 random
// bytes. It says nothing about what is sealed (V1).
type BlobID string

// ParseBlobID accepts the one spelling of a blob id.
func ParseBlobID(s string) (BlobID, error) {
	ok := len(s) == 32
	for _, c := range []byte(s) {
		ok = ok && (c >= '0' && c <= '9' || c >= 'a' && c <= 'f')
	}
	if !ok {
		return "", jurat.Errorf(jurat.Invalid, "blob id %q: want 32 lower-case hexadecimal digits", s)
	}
	return BlobID(s), nil
}

// newID draws a blob id. Blobs of one group share their first byte, so that
// they share a folder and its sync.
func newID(group byte) BlobID {
	var b [16]byte
	rand.Read(b[:])
	b[0] = group
	return BlobID(hex.EncodeToString(b[:]))
}

func randomByte() byte {
	var b [1]byte
	rand.Read(b[:])
	return b[0]
}

// A Blob is what must be known to read sealed bytes again, and is kept by the
// register. Without Key the bytes are noise to everyone, the vault included.
type Blob struct {
	ID     BlobID
	Size   int64        // bytes received
	Digest jurat.Digest // SHA-256 of the bytes received
	Tag    [32]byte     // HMAC-SHA-256 of Digest under the duplicates key (V19)
	Key    []byte       // the data key, wrapped (V16); erased, the blob is erased
}
