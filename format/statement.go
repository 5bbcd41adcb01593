package format

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A Statement is what a leaf says through the disclosures at hand. A field is
// meaningful only when [Statement.Has] its claim.
type Statement struct {
	Issuer   string // the log's origin
	ID       jurat.EventID
	At       time.Time
	Act      jurat.Act
	Actor    jurat.Actor
	Orders   []jurat.OrderVersion
	Incident jurat.IncidentNumber
	Seq      int64
	Prev     tlog.Hash // zero at Seq 0
	Proof    *Proof

	Claims map[Claim]Disclosure            // the claims disclosed
	Parts  map[jurat.Class]Disclosure      // the payload's parts disclosed
	Values map[jurat.Class]json.RawMessage // and their values as written
}

// Has reports whether claim c is disclosed. When it is not, it was withheld,
// erased, or never made: a leaf does not tell which.
func (s Statement) Has(c Claim) bool { _, ok := s.Claims[c]; return ok }

// Absent lists the claims and classes not disclosed, in their order.
func (s Statement) Absent() (claims []Claim, classes []jurat.Class) {
	for _, c := range Claims {
		if !s.Has(c) {
			claims = append(claims, c)
		}
	}
	for _, c := range jurat.Classes {
		if _, ok := s.Parts[c]; !ok {
			classes = append(classes, c)
		}
	}
	return claims, classes
}

// Open is the open part of the payload. NotFound: it is not disclosed.
func (s Statement) Open() (jurat.OpenPart, error) {
	value, ok := s.Values[jurat.ClassOpen]
	if !ok {
		return jurat.OpenPart{}, jurat.Errorf(jurat.NotFound, "the open part of this act is not disclosed")
	}
	return ParseOpen(value)
}

// VerifyProof checks the actor's proof with a person's key. The claims act,
// actor, order, payload and actor_proof must be disclosed, or the answer is
// Unavailable. Altered: the signature is not over this act, or the person who
// signed is not the person the act names.
func (s Statement) VerifyProof(key PersonKey) error {
	for _, c := range [...]Claim{ClaimAct, ClaimActor, ClaimOrder, ClaimPayload, ClaimActorProof} {
		if !s.Has(c) {
			return jurat.Errorf(jurat.Unavailable, "the proof cannot be checked: the claim %s is not disclosed", c)
		}
	}
	if s.Proof.Person != s.Actor.Person {
		return jurat.Errorf(jurat.Altered, "the act names %s and the proof is by %s", s.Actor.Person, s.Proof.Person)
	}
	return s.Proof.verify(challenge(s.Claims[ClaimAct], s.Claims[ClaimActor], s.Claims[ClaimOrder], s.Claims[ClaimPayload]), key)
}

// ReadLeaf reads a leaf and the disclosures at hand, in any order, strictly
// (L2…L7). Altered: a disclosure the leaf does not commit to, or given twice.
// Unavailable: the leaf or a disclosure it commits to is not of this format.
func ReadLeaf(leaf []byte, ds []Disclosure) (Statement, error) {
	sums, issuer, err := parseLeaf(leaf)
	if err != nil {
		return Statement{}, err
	}
	s := Statement{Issuer: issuer, Claims: make(map[Claim]Disclosure, len(ds)), Parts: map[jurat.Class]Disclosure{}, Values: map[jurat.Class]json.RawMessage{}}
	rest := make(map[digest]Disclosure, len(ds))
	for _, d := range ds {
		sum := digestOf([]byte(d))
		if _, twice := rest[sum]; twice {
			return Statement{}, jurat.Errorf(jurat.Altered, "disclosure %s is given twice", sum[:])
		}
		rest[sum] = d
	}
	for _, sum := range sums {
		d, ok := rest[sum]
		if !ok {
			continue
		}
		delete(rest, sum)
		if err := s.readClaim(d, sums, rest); err != nil {
			return Statement{}, err
		}
	}
	for sum := range rest {
		return Statement{}, jurat.Errorf(jurat.Altered, "disclosure %s: the leaf does not commit to it", sum[:])
	}
	if s.Has(ClaimIncidentSeq) && s.Has(ClaimIncidentPrev) && (s.Seq == 0) != (s.Prev == tlog.Hash{}) {
		return Statement{}, jurat.Errorf(jurat.Unavailable, "leaf: number %d in its incident does not go with the previous leaf it names", s.Seq)
	}
	return s, nil
}

// parseLeaf reads the leaf's one spelling (L2, L3).
func parseLeaf(leaf []byte) (sums []digest, issuer string, err error) {
	bad := func(why string) ([]digest, string, error) {
		return nil, "", jurat.Errorf(jurat.Unavailable, "leaf: %s", why)
	}
	if len(leaf) > MaxLeaf {
		return bad(fmt.Sprintf("%d bytes; at most %d", len(leaf), MaxLeaf))
	}
	rest, ok := bytes.CutPrefix(leaf, []byte(leafHead))
	if !ok {
		return bad("it does not begin as one")
	}
	end := bytes.IndexByte(rest, ']') + 1
	if end == 0 {
		return bad("cut short")
	}
	if sums, err = parseDigests(rest[:end], LeafDigests); err != nil {
		return bad(err.Error())
	}
	rest = rest[end:]
	if rest, ok = bytes.CutPrefix(rest, []byte(leafAlg)); !ok {
		return bad("the digest algorithm is not sha-256")
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(leafIss)); !ok {
		return bad("no issuer follows the algorithm")
	}
	iss, rest, ok := bytes.Cut(rest, []byte{'"'})
	if !ok || `"`+string(rest) != leafTail {
		return bad("it does not end as a leaf of version 1")
	}
	if CheckOrigin(string(iss)) != nil {
		return bad("the issuer is not an origin")
	}
	return sums, string(iss), nil
}

// parseDigests reads an _sd array of exactly n digests, sorted, none twice.
func parseDigests(b []byte, n int) ([]digest, error) {
	const each = len(digest{}) + 3 // two quotes, and a comma or bracket
	if got := strings.Count(string(b), ",") + 1; got != n {
		return nil, fmt.Errorf("%d digests; want %d", got, n)
	}
	if len(b) != 1+n*each || b[0] != '[' || b[len(b)-1] != ']' {
		return nil, errors.New("the digests are not in their one spelling")
	}
	sums := make([]digest, n)
	var raw [33]byte
	for i := range sums {
		at := b[1+i*each:]
		copy(sums[i][:], at[1:])
		// A line break, which the decoder skips, leaves fewer than 32 bytes.
		got, err := url64.Decode(raw[:], sums[i][:])
		if err != nil || got != 32 || at[0] != '"' || at[each-2] != '"' || i < n-1 && at[each-1] != ',' {
			return nil, errors.New("the digests are not in their one spelling")
		}
		if i > 0 {
			switch bytes.Compare(sums[i-1][:], sums[i][:]) {
			case 0:
				return nil, errors.New("a digest is there twice")
			case 1:
				return nil, errors.New("the digests are not sorted")
			}
		}
	}
	return sums, nil
}

// readClaim reads one disclosed claim; for the payload, also the parts among
// rest that it commits to.
func (s *Statement) readClaim(d Disclosure, top []digest, rest map[digest]Disclosure) error {
	name, value, err := d.Open()
	if err != nil {
		return err
	}
	c := Claim(name)
	if s.Has(c) {
		return jurat.Errorf(jurat.Unavailable, "leaf: it makes the claim %s twice", c)
	}
	s.Claims[c] = d
	switch c {
	case ClaimID:
		err = s.readID(value)
	case ClaimAt:
		err = s.readAt(value)
	case ClaimAct:
		err = s.readAct(value)
	case ClaimActor:
		err = s.readActor(value)
	case ClaimOrder:
		err = s.readOrders(value)
	case ClaimPayload:
		return s.readPayload(value, top, rest)
	case ClaimIncident:
		var t string
		if t, err = text(value); err == nil {
			s.Incident, err = jurat.ParseIncidentNumber(t)
		}
	case ClaimIncidentSeq:
		s.Seq, err = number(value)
	case ClaimIncidentPrev:
		err = s.readPrev(value)
	case ClaimActorProof:
		s.Proof, err = parseProof(value)
	default:
		err = errors.New("not known to this version")
	}
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "claim %s", c)
	}
	return nil
}

func (s *Statement) readID(value []byte) error {
	t, err := text(value)
	if err == nil && !uuid7(t) {
		err = errors.New("not a UUIDv7")
	}
	s.ID = jurat.EventID(t)
	return err
}

func (s *Statement) readAt(value []byte) error {
	t, err := text(value)
	if err != nil {
		return err
	}
	s.At, err = time.Parse(moment, t)
	if err == nil && s.At.Format(moment) != t {
		err = errors.New("the time is not in its one spelling")
	}
	return err
}

func (s *Statement) readAct(value []byte) error {
	t, err := text(value)
	if err == nil && !actName(t) {
		err = errors.New("not a noun, a dot and a verb")
	}
	s.Act = jurat.Act(t)
	return err
}

func (s *Statement) readActor(value []byte) error {
	list, err := members(value)
	if err != nil {
		return err
	}
	var person, office, role, via string
	if err := bind(list, "person?", &person, "office?", &office, "role?", &role, "via", &via); err != nil {
		return err
	}
	s.Actor = jurat.Actor{Person: jurat.PersonID(person), Office: jurat.OfficeID(office), Role: jurat.Role(role), Via: jurat.Via(via)}
	return nil
}

func (s *Statement) readOrders(value []byte) error {
	list, err := elements(value)
	if err != nil {
		return err
	}
	for _, e := range list {
		var o jurat.OrderVersion
		var sum string
		fields, err := members(e)
		if err != nil {
			return err
		}
		if err := bind(fields, "id", &o.ID, "digest", &sum); err != nil {
			return err
		}
		if o.Digest, err = jurat.ParseDigest(sum); err != nil {
			return err
		}
		s.Orders = append(s.Orders, o)
	}
	return nil
}

func (s *Statement) readPrev(value []byte) error {
	if string(value) == "null" {
		return nil
	}
	t, err := text(value)
	if err != nil {
		return err
	}
	if s.Prev, err = parseHash(t); err == nil && s.Prev == (tlog.Hash{}) {
		err = errors.New("the zero hash")
	}
	return err
}

func (s *Statement) readPayload(value []byte, top []digest, rest map[digest]Disclosure) error {
	inner, ok := bytes.CutPrefix(value, []byte(leafHead))
	inner, ok2 := bytes.CutSuffix(inner, []byte{'}'})
	if !ok || !ok2 {
		return jurat.Errorf(jurat.Unavailable, "claim payload: want an object with _sd and nothing else")
	}
	sums, err := parseDigests(inner, PartDigests)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "claim payload")
	}
	for _, sum := range sums {
		for _, t := range top {
			if t == sum {
				return jurat.Errorf(jurat.Unavailable, "claim payload: a digest of the leaf is there again")
			}
		}
		d, ok := rest[sum]
		if !ok {
			continue
		}
		delete(rest, sum)
		name, v, err := d.Open()
		if err != nil {
			return err
		}
		c, err := jurat.ParseClass(name)
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "claim payload")
		}
		if _, twice := s.Parts[c]; twice {
			return jurat.Errorf(jurat.Unavailable, "claim payload: the part %s is there twice", c)
		}
		if err := checkJSON(v, true); err != nil {
			return jurat.Because(jurat.Unavailable, err, "the %s part", c)
		}
		s.Parts[c], s.Values[c] = d, v
	}
	return nil
}

// ParseOpen reads the value of the open part: item, value and, if one was
// given, note. Unavailable: it is anything else.
func ParseOpen(value []byte) (jurat.OpenPart, error) {
	var p jurat.OpenPart
	var noun, id string
	err := func() error {
		list, err := members(value)
		if err != nil {
			return err
		}
		var item json.RawMessage
		if err := bind(list, "item", &item, "value", &p.Value, "note?", &p.Note); err != nil {
			return err
		}
		fields, err := members(item)
		if err != nil {
			return err
		}
		return bind(fields, "noun", &noun, "id", &id)
	}()
	if err != nil {
		return jurat.OpenPart{}, jurat.Because(jurat.Unavailable, err, "the open part")
	}
	p.Item = jurat.Item{Noun: jurat.Noun(noun), ID: jurat.ItemID(id)}
	return p, nil
}

// number reads a count: an integer from 0 without sign, fraction or exponent.
func number(value []byte) (int64, error) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err == nil && (n < 0 || strconv.FormatInt(n, 10) != string(value)) {
		err = errors.New("not a count in its one spelling")
	}
	return n, err
}

// parseHash reads a hash in standard base64, in its one spelling (L11).
func parseHash(s string) (h tlog.Hash, err error) {
	if len(s) != 44 || strings.ContainsAny(s, "\r\n") {
		return h, fmt.Errorf("%q is not a hash in base64", s)
	}
	b, err := std64.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, fmt.Errorf("%q is not a hash in base64", s)
	}
	return tlog.Hash(b), nil
}
