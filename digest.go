package jurat

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// A Digest is the SHA-256 of some bytes. The zero Digest names nothing.
// Digest is comparable: == is equality, and it may key a map.
type Digest [sha256.Size]byte

const digestPrefix = "sha256:"

// ParseDigest reads the one accepted spelling, "sha256:" and 64 lower-case hex
// digits. Every other spelling is Invalid, so equal digests print equally.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	text, ok := strings.CutPrefix(s, digestPrefix)
	if !ok || len(text) != hex.EncodedLen(len(d)) || text != strings.ToLower(text) {
		return Digest{}, Errorf(Invalid, "digest %q: want sha256: and 64 lower-case hexadecimal digits", s)
	}
	if _, err := hex.Decode(d[:], []byte(text)); err != nil {
		return Digest{}, Errorf(Invalid, "digest %q: not hexadecimal", s)
	}
	return d, nil
}

// DigestOf is the digest of b.
func DigestOf(b []byte) Digest { return sha256.Sum256(b) }

// IsZero reports whether d names nothing.
func (d Digest) IsZero() bool { return d == Digest{} }

func (d Digest) String() string { return digestPrefix + hex.EncodeToString(d[:]) }

// Hex is the digest without its prefix, as manifests write it.
func (d Digest) Hex() string { return hex.EncodeToString(d[:]) }

// MarshalText prints d; the zero Digest prints as the empty text.
func (d Digest) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText prints.
func (d *Digest) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Digest{}
		return nil
	}
	parsed, err := ParseDigest(string(b))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
