package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"errors"
)

// Cobblestone-256 of c2sp.org/chunked-encryption: SHA-512 and AES-256-GCM.
const (
	keySize     = 32
	saltSize    = 24
	commitSize  = 32
	headerSize  = saltSize + commitSize // V6
	chunkSize   = 16 << 10              // V8
	tagSize     = 16
	sealedChunk = chunkSize + tagSize
	maxChunks   = 1 << 38 // V9

	deriveLabel = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
)

// MaxSize is the most bytes one blob holds (V9): 4 PiB less one byte.
const MaxSize = maxChunks*chunkSize - 1

// Reasons why sealed bytes do not open. All of them mean: not the bytes sealed
// under this key and context.
var (
	errHeader = errors.New("the header does not belong to this key and blob")
	errChunk  = errors.New("a chunk does not open")
	errLength = errors.New("no blob has this length")
)

// SealedSize is the number of sealed bytes for n bytes received (V10).
func SealedSize(n int64) int64 { return headerSize + n + (n/chunkSize+1)*tagSize }

// chunks is how many chunks n bytes received are sealed in.
func chunks(n int64) int64 { return n/chunkSize + 1 }

// openedSize is the inverse of SealedSize; ok is false for a length that no
// message has (V11).
func openedSize(sealed int64) (n int64, ok bool) {
	body := sealed - headerSize
	if body < tagSize || body%sealedChunk < tagSize {
		return 0, false
	}
	return body - (body/sealedChunk+1)*tagSize, true
}

// derive gives the chunk cipher, base nonce and commitment of a message (V7).
func derive(key, salt []byte, context string) (cipher.AEAD, [12]byte, []byte, error) {
	out, err := hkdf.Expand(sha512.New, key, deriveLabel+string(salt)+context, keySize+12+commitSize)
	if err != nil {
		return nil, [12]byte{}, nil, err
	}
	block, err := aes.NewCipher(out[:keySize])
	if err != nil {
		return nil, [12]byte{}, nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, [12]byte{}, nil, err
	}
	return aead, [12]byte(out[keySize:]), out[keySize+12:], nil
}

// nonce is the base nonce with chunk number k folded in (V12).
func nonce(base [12]byte, k int64) [12]byte {
	binary.BigEndian.PutUint64(base[4:], binary.BigEndian.Uint64(base[4:])^uint64(k))
	return base
}

// A sealer seals one message, chunk after chunk, forward only: it is the one
// place where chunks are sealed, so a (key, salt, chunk) is sealed once, ever.
type sealer struct {
	aead   cipher.AEAD
	base   [12]byte
	header [headerSize]byte
	next   int64
	done   bool
}

// newSealer begins a message under a key that has sealed none before, with a
// fresh salt.
func newSealer(key []byte, context string) (*sealer, error) {
	s := &sealer{}
	rand.Read(s.header[:saltSize])
	aead, base, commitment, err := derive(key, s.header[:saltSize], context)
	if err != nil {
		return nil, err
	}
	s.aead, s.base = aead, base
	copy(s.header[saltSize:], commitment)
	return s, nil
}

// seal appends the next chunk to dst. A chunk shorter than 16 KiB is the last;
// a message whose length is a multiple of 16 KiB ends with an empty one.
func (s *sealer) seal(dst, chunk []byte) ([]byte, error) {
	if s.done || s.next >= maxChunks || len(chunk) > chunkSize {
		return nil, errLength
	}
	n := nonce(s.base, s.next)
	s.next++
	s.done = len(chunk) < chunkSize
	return s.aead.Seal(dst, n[:], chunk, nil), nil
}

// An opener opens chunks of one message in any order. It may be used from many
// goroutines.
type opener struct {
	aead cipher.AEAD
	base [12]byte
}

// newOpener checks the header against key and context before any chunk is
// opened (V13); errHeader when they do not belong together.
func newOpener(key, header []byte, context string) (*opener, error) {
	if len(key) != keySize || len(header) != headerSize {
		return nil, errHeader
	}
	aead, base, commitment, err := derive(key, header[:saltSize], context)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare(commitment, header[saltSize:]) != 1 {
		return nil, errHeader
	}
	return &opener{aead, base}, nil
}

// open appends chunk k to dst; errChunk when it is not the chunk sealed there.
// dst may be sealed[:0].
func (o *opener) open(dst, sealed []byte, k int64) ([]byte, error) {
	if k < 0 || k >= maxChunks || len(sealed) < tagSize || len(sealed) > sealedChunk {
		return nil, errChunk
	}
	n := nonce(o.base, k)
	out, err := o.aead.Open(dst, n[:], sealed, nil)
	if err != nil {
		return nil, errChunk
	}
	return out, nil
}
