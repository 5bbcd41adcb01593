package format

import (
	"encoding/json"
	"strings"

	"jurat"
)

// Text is what a person is given to sign elsewhere: the encoded disclosures of
// act, actor, order and payload, whose SHA-256 is the challenge, and after them
// the open part of the payload, each followed by "~" (L24). Sealed parts stay
// behind: the payload commits to them.
func (d Draft) Text() []byte {
	var b strings.Builder
	for _, one := range []Disclosure{d.Act, d.Actor, d.Order, d.Payload, d.Parts[jurat.ClassOpen]} {
		b.WriteString(string(one) + "~")
	}
	return []byte(b.String())
}

// ReadDraft reads what [Draft.Text] wrote, and what it says. Altered: a part is
// not one the payload commits to. Unavailable: it is no draft.
func ReadDraft(b []byte) (Draft, Statement, error) {
	list := strings.Split(string(b), "~")
	if len(list) != 6 || list[5] != "" {
		return Draft{}, Statement{}, jurat.Errorf(jurat.Unavailable, "this is not an act to be signed, or it was cut short")
	}
	d := Draft{Act: Disclosure(list[0]), Actor: Disclosure(list[1]), Order: Disclosure(list[2]), Payload: Disclosure(list[3]), Parts: map[jurat.Class]Disclosure{}}
	s := Statement{Claims: map[Claim]Disclosure{}, Parts: d.Parts, Values: map[jurat.Class]json.RawMessage{}}
	rest := map[digest]Disclosure{digestOf([]byte(list[4])): Disclosure(list[4])}
	for i, want := range []Claim{ClaimAct, ClaimActor, ClaimOrder, ClaimPayload} {
		if err := s.readClaim(Disclosure(list[i]), nil, rest); err != nil {
			return Draft{}, Statement{}, err
		}
		if !s.Has(want) {
			return Draft{}, Statement{}, jurat.Errorf(jurat.Unavailable, "the act to be signed has another claim where %s should be", want)
		}
	}
	if len(rest) > 0 || s.Values[jurat.ClassOpen] == nil {
		return Draft{}, Statement{}, jurat.Errorf(jurat.Altered, "what the act to be signed shows is not what it commits to")
	}
	return d, s, nil
}

// MarshalProof is a proof as a file: the value of the claim actor_proof.
// Invalid: it has not the parts of its kind.
func MarshalProof(p Proof) ([]byte, error) { return p.append(nil) }

// ParseProof reads what [MarshalProof] wrote; white space after it is let be.
// Invalid: it is no proof.
func ParseProof(b []byte) (*Proof, error) {
	p, err := parseProof([]byte(strings.TrimSpace(string(b))))
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "this is not a signature of an act")
	}
	return p, nil
}
