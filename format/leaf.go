package format

import (
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A Place is what the transaction that records an act assigns to it. Incident
// is empty for an act of the house; then Seq and Prev are not used. Prev is
// the zero hash at Seq 0 and nowhere else.
type Place struct {
	ID       jurat.EventID
	At       time.Time // truncated to the record's precision
	Incident jurat.IncidentNumber
	Seq      int64     // dense from 0 within the incident
	Prev     tlog.Hash // [LeafHash] of the incident's previous leaf
	Proof    *Proof    // nil: no person signed; who acted is the city's assertion
}

// A Sheet is a leaf and everything that opens it. Leaf is stored as it is and
// never made again.
type Sheet struct {
	Leaf   []byte
	Claims []Disclosure // the claims made, in the order of [Claims]
	Parts  map[jurat.Class]Disclosure
}

// Disclosures lists all of s: the claims, then the parts in the order of
// [jurat.Classes].
func (s Sheet) Disclosures() []Disclosure {
	list := append(make([]Disclosure, 0, len(s.Claims)+len(s.Parts)), s.Claims...)
	for _, c := range jurat.Classes {
		if d, ok := s.Parts[c]; ok {
			list = append(list, d)
		}
	}
	return list
}

// LeafHash is the RFC 6962 hash of a leaf: what the tree holds and what the
// next leaf of an incident names (L6, L12).
func LeafHash(leaf []byte) tlog.Hash { return tlog.RecordHash(leaf) }

// Place makes the leaf of d at p, issued by the log named issuer. It is light:
// it runs inside the transaction. Invalid: an id that is no UUIDv7, an
// incident, seq and prev that contradict one another, an issuer that is not an
// origin (L10), or a leaf over [MaxLeaf].
func (d Draft) Place(p Place, issuer string, salts io.Reader) (Sheet, error) {
	if err := p.check(); err != nil {
		return Sheet{}, err
	}
	if err := CheckOrigin(issuer); err != nil {
		return Sheet{}, err
	}
	fresh := 2
	if p.Incident != "" {
		fresh += len(CompletenessClaims)
	}
	if p.Proof != nil {
		fresh++
	}
	rnd, err := readRandom(salts, fresh, LeafDigests-4-fresh)
	if err != nil {
		return Sheet{}, err
	}
	m := maker{json: make([]byte, 0, 512), text: make([]byte, 0, 512)}
	sums := make([]digest, 0, LeafDigests)
	claims := make([]Disclosure, 0, len(Claims))
	add := func(c Claim, value []byte) {
		d, sum := m.disclose(rnd.salt(), string(c), value)
		claims, sums = append(claims, d), append(sums, sum)
	}
	value := make([]byte, 0, 256)
	add(ClaimID, appendText(value, string(p.ID)))
	add(ClaimAt, append(jurat.At(p.At).AppendFormat(append(value, '"'), moment), '"'))
	for _, made := range [...]Disclosure{d.Act, d.Actor, d.Order, d.Payload} {
		m.text = append(m.text[:0], made...)
		claims, sums = append(claims, made), append(sums, digestOf(m.text))
	}
	if p.Incident != "" {
		add(ClaimIncident, appendText(value, string(p.Incident)))
		add(ClaimIncidentSeq, strconv.AppendInt(value, p.Seq, 10))
		add(ClaimIncidentPrev, appendPrev(value, p))
	}
	if p.Proof != nil {
		proof, err := p.Proof.append(value)
		if err != nil {
			return Sheet{}, err
		}
		add(ClaimActorProof, proof)
	}
	leaf := append(make([]byte, 0, 896), leafHead...)
	leaf = appendDigests(leaf, rnd.decoys(sums))
	leaf = append(leaf, leafAlg...)
	leaf = append(leaf, leafIss...)
	leaf = append(leaf, issuer...)
	leaf = append(leaf, leafTail...)
	if len(leaf) > MaxLeaf {
		return Sheet{}, jurat.Errorf(jurat.Invalid, "the leaf is %d bytes; at most %d", len(leaf), MaxLeaf)
	}
	return Sheet{Leaf: leaf, Claims: claims, Parts: d.Parts}, nil
}

// A leaf is these texts around its digests and its issuer (L2).
const (
	leafHead = `{"_sd":`
	leafAlg  = `,"_sd_alg":"sha-256"`
	leafIss  = `,"iss":"`
	leafTail = `","vct":"` + VCT + `"}`
)

func (p Place) check() error {
	switch {
	case !uuid7(string(p.ID)):
		return jurat.Errorf(jurat.Invalid, "event %q: want a UUIDv7 in lower case", p.ID)
	case p.At.IsZero() || p.At.UTC().Year() < 0 || p.At.UTC().Year() > 9999:
		return jurat.Errorf(jurat.Invalid, "event %s: no time is given for it", p.ID)
	case p.Incident == "":
		return nil
	case p.Seq < 0 || p.Seq == 0 && p.Prev != tlog.Hash{} || p.Seq > 0 && p.Prev == tlog.Hash{}:
		return jurat.Errorf(jurat.Invalid, "event %s: number %d in its incident does not go with the previous leaf it names", p.ID, p.Seq)
	}
	_, err := jurat.ParseIncidentNumber(string(p.Incident))
	return err
}

func appendPrev(b []byte, p Place) []byte {
	if p.Seq == 0 {
		return append(b, "null"...)
	}
	return append(std64.AppendEncode(append(b, '"'), p.Prev[:]), '"')
}

// uuid7 reports whether s is a UUIDv7 in its 36 lower-case characters.
func uuid7(s string) bool {
	if len(s) != 36 || s[14] != '7' || !strings.Contains("89ab", s[19:20]) {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
				return false
			}
		}
	}
	return true
}

// CheckOrigin accepts the name of a log: 1 to 200 printable ASCII characters
// without space, plus, quote or backslash, such as records.city.example/jurat.
// It is the key name of the log's notes and the issuer of its leaves (L10).
func CheckOrigin(s string) error {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '+' || c == '"' || c == '\\' {
			return jurat.Errorf(jurat.Invalid, "origin %q: want printable ASCII without space, plus, quote or backslash", s)
		}
	}
	if s == "" || len(s) > 200 {
		return jurat.Errorf(jurat.Invalid, "origin %q: want 1 to 200 characters", s)
	}
	return nil
}
