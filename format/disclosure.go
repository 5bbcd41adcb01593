package format

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"jurat"
)

// A Salt hides a disclosure's value from anybody who holds only its digest.
type Salt [16]byte

// A Disclosure is one claim with its salt, as RFC 9901 encodes it: base64url
// of the JSON array [salt, name, value] (L7). The encoded bytes are what is
// hashed and signed, so they are kept exactly as made.
type Disclosure string

var url64 = base64.RawURLEncoding.Strict()

// Disclose makes a disclosure. Invalid: a name of other than 1 to 40
// lower-case letters and underscores not beginning with one, and a value that
// is not the JSON of L1 or uses a member name that RFC 9901 reserves.
func Disclose(s Salt, name string, value any) (Disclosure, error) {
	var m maker
	b, err := appendJSON(nil, value)
	if err != nil {
		return "", jurat.Because(jurat.Invalid, err, "disclosure %s: the value cannot be written as JSON", name)
	}
	if !claimName(name) {
		return "", jurat.Errorf(jurat.Invalid, "disclosure %q: not a claim's name", name)
	}
	if err := openJSON(b); err != nil {
		return "", jurat.Because(jurat.Invalid, err, "disclosure %s", name)
	}
	d, _ := m.disclose(s, name, b)
	return d, nil
}

// openJSON checks a value about to be disclosed.
func openJSON(b []byte) error {
	if replaced(b) {
		return jurat.Errorf(jurat.Invalid, "a text in it is not UTF-8")
	}
	return checkJSON(b, true)
}

func claimName(s string) bool {
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c == '_' && i > 0) {
			return false
		}
	}
	return s != "" && len(s) <= 40
}

// Digest is what a leaf carries for d: base64url of the SHA-256 of d's ASCII,
// unpadded (L7).
func (d Disclosure) Digest() string {
	sum := sha256.Sum256([]byte(d))
	return url64.EncodeToString(sum[:])
}

// Open gives the claim's name and its value as written. Unavailable: d is not
// a disclosure in its one spelling.
func (d Disclosure) Open() (name string, value json.RawMessage, err error) {
	b, err := unbase64(string(d))
	if err != nil {
		return "", nil, jurat.Because(jurat.Unavailable, err, "disclosure")
	}
	list, err := elements(b)
	if err != nil {
		return "", nil, jurat.Because(jurat.Unavailable, err, "disclosure")
	}
	if len(list) != 3 {
		return "", nil, jurat.Errorf(jurat.Unavailable, "disclosure: %d elements; want salt, name and value", len(list))
	}
	salt, err := text(list[0])
	if err != nil {
		return "", nil, jurat.Because(jurat.Unavailable, err, "disclosure: salt")
	}
	if raw, err := unbase64(salt); err != nil || len(raw) != len(Salt{}) {
		return "", nil, jurat.Errorf(jurat.Unavailable, "disclosure: the salt is not %d bytes in base64url", len(Salt{}))
	}
	name, err = text(list[1])
	if err != nil || !claimName(name) {
		return "", nil, jurat.Errorf(jurat.Unavailable, "disclosure: %s is not a claim's name", list[1])
	}
	return name, list[2], nil
}

// unbase64 decodes unpadded base64url in its one spelling.
func unbase64(s string) ([]byte, error) {
	if strings.ContainsAny(s, "\r\n") { // the decoder skips them
		return nil, base64.CorruptInputError(strings.IndexAny(s, "\r\n"))
	}
	return url64.DecodeString(s)
}

// A maker makes disclosures in one scratch buffer, for the hot path.
type maker struct {
	json, text []byte
}

// disclose is Disclose without its checks; sum is the digest as a leaf
// carries it. value must not alias m's buffers.
func (m *maker) disclose(s Salt, name string, value []byte) (d Disclosure, sum digest) {
	b := append(m.json[:0], `["`...)
	b = url64.AppendEncode(b, s[:])
	b = append(b, `","`...)
	b = append(b, name...)
	b = append(b, `",`...)
	b = append(b, value...)
	b = append(b, ']')
	m.json = b
	m.text = url64.AppendEncode(m.text[:0], b)
	return Disclosure(m.text), digestOf(m.text)
}

// A digest is a disclosure's digest in the 43 characters of L7.
type digest [43]byte

func digestOf(encoded []byte) (d digest) {
	sum := sha256.Sum256(encoded)
	url64.Encode(d[:], sum[:])
	return d
}

// validText refuses what JSON cannot carry unchanged.
func validText(what, s string) error {
	if !utf8.ValidString(s) {
		return jurat.Errorf(jurat.Invalid, "%s: the text is not UTF-8", what)
	}
	return nil
}
