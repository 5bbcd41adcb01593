package fsck

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
)

// The sealed bytes of an exhibit are a message of c2sp.org/chunked-encryption,
// Cobblestone-256 (docs/format/vault.md): a salt and a commitment, then chunks
// of 16 KiB and a tag, the last one shorter, or empty. This is a reading of
// that document, not of the vault.
const (
	saltBytes    = 24
	headerBytes  = saltBytes + 32
	chunkBytes   = 16 << 10
	tagBytes     = 16
	sealedChunk  = chunkBytes + tagBytes
	cobblestone  = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
	wrapVersion  = 1
	wrappedBound = "jurat vault data key v1\x00"
)

// sealedBytes is the length of n bytes sealed.
func sealedBytes(n int64) int64 { return headerBytes + n + (n/chunkBytes+1)*tagBytes }

// A message is the cipher of one message.
type message struct {
	aead  cipher.AEAD
	nonce [12]byte
}

// openMessage derives the cipher of a message from its key, header and
// context; ok is false when they do not belong together.
func openMessage(key, header []byte, context string) (m message, ok bool) {
	salt, commitment := header[:saltBytes], header[saltBytes:headerBytes]
	derived, err := hkdf.Expand(sha512.New, key, cobblestone+string(salt)+context, 32+12+32)
	if err != nil || subtle.ConstantTimeCompare(derived[44:], commitment) != 1 {
		return message{}, false
	}
	block, err := aes.NewCipher(derived[:32])
	if err != nil {
		return message{}, false
	}
	m.nonce = [12]byte(derived[32:44])
	m.aead, err = cipher.NewGCM(block)
	return m, err == nil
}

// open opens chunk k in place.
func (m message) open(sealed []byte, k int64) ([]byte, bool) {
	nonce := m.nonce
	var counter [8]byte
	binary.BigEndian.PutUint64(counter[:], uint64(k))
	for i, b := range counter {
		nonce[4+i] ^= b
	}
	plain, err := m.aead.Open(sealed[:0], nonce[:], sealed, nil)
	return plain, err == nil
}
