package format

import (
	"bytes"
	"crypto/sha256"
	"io"
	"slices"
	"strings"

	"jurat"
)

// A Draft is an act's disclosures before the act has a place in a chain: what
// was done, by whom, under which orders, and the item after it. It is what a
// person signs (L9). A Draft is immutable once made.
type Draft struct {
	Act, Actor, Order, Payload Disclosure
	// Parts are the disclosures under Payload, one for each class present:
	// always the open one. The other classes are decoys in Payload (L5).
	Parts map[jurat.Class]Disclosure
}

// NewDraft makes the disclosures of ev, with salts and decoys read from salts
// (crypto/rand.Reader but in tests). It uses ev's Act, Actor, Orders, Item,
// Value, Note and Sealed; the rest is a [Place]. Invalid: an act that is not
// noun.verb, an unknown class, or a value that is not the JSON of L1.
func NewDraft(ev jurat.Event, salts io.Reader) (Draft, error) {
	if err := checkEvent(ev); err != nil {
		return Draft{}, err
	}
	classes := make([]jurat.Class, 1, PartDigests)
	classes[0] = jurat.ClassOpen
	for _, c := range jurat.Classes[1:] {
		if _, ok := ev.Sealed[c]; ok {
			classes = append(classes, c)
		}
	}
	if len(classes)-1 != len(ev.Sealed) {
		return Draft{}, jurat.Errorf(jurat.Invalid, "%s: a sealed part is of no known class; want one of %v", ev.Act, jurat.Classes[1:])
	}
	rnd, err := readRandom(salts, 4+len(classes), PartDigests-len(classes))
	if err != nil {
		return Draft{}, err
	}
	m := maker{json: make([]byte, 0, 1024), text: make([]byte, 0, 1024)}
	d := Draft{Parts: make(map[jurat.Class]Disclosure, len(classes))}
	value := make([]byte, 0, 768)

	// The order of salts: act, actor, order, payload, then the parts in the
	// order of jurat.Classes, then the decoys.
	d.Act, _ = m.disclose(rnd.salt(), string(ClaimAct), appendText(value[:0], string(ev.Act)))
	d.Actor, _ = m.disclose(rnd.salt(), string(ClaimActor), appendActor(value[:0], ev.Actor))
	d.Order, _ = m.disclose(rnd.salt(), string(ClaimOrder), appendOrders(value[:0], ev.Orders))
	payload := rnd.salt()

	sums := make([]digest, 0, PartDigests)
	for _, c := range classes {
		value = value[:0]
		if c == jurat.ClassOpen {
			value, err = appendOpen(value, ev)
		} else {
			value, err = appendJSON(value, ev.Sealed[c])
		}
		if err == nil {
			err = openJSON(value)
		}
		if err != nil {
			return Draft{}, jurat.Because(jurat.Invalid, err, "%s: the %s part cannot be put on the record", ev.Act, c)
		}
		part, sum := m.disclose(rnd.salt(), string(c), value)
		d.Parts[c] = part
		sums = append(sums, sum)
	}
	value = append(value[:0], `{"_sd":`...)
	value = append(appendDigests(value, rnd.decoys(sums)), '}')
	d.Payload, _ = m.disclose(payload, string(ClaimPayload), value)
	return d, nil
}

// Challenge is what a person's key signs: SHA-256 over the encoded disclosures
// of act, actor, order and payload, in that order, each followed by "~" (L9).
func (d Draft) Challenge() [32]byte {
	return challenge(d.Act, d.Actor, d.Order, d.Payload)
}

func challenge(ds ...Disclosure) [32]byte {
	h := sha256.New()
	for _, d := range ds {
		io.WriteString(h, string(d)) // a hash never fails
		io.WriteString(h, "~")
	}
	return [32]byte(h.Sum(nil))
}

func checkEvent(ev jurat.Event) error {
	if !actName(string(ev.Act)) {
		return jurat.Errorf(jurat.Invalid, "act %q: want a noun, a dot and a verb", ev.Act)
	}
	for _, s := range [...]string{string(ev.Actor.Person), string(ev.Actor.Office), string(ev.Actor.Role), string(ev.Actor.Via), string(ev.Item.Noun), string(ev.Item.ID)} {
		if err := validText(string(ev.Act), s); err != nil {
			return err
		}
	}
	for _, o := range ev.Orders {
		if err := validText(string(ev.Act), o.ID); err != nil {
			return err
		}
		if o.ID == "" || o.Digest.IsZero() {
			return jurat.Errorf(jurat.Invalid, "%s: an order in force is named without its id or digest", ev.Act)
		}
	}
	if ev.Actor.Via == "" {
		return jurat.Errorf(jurat.Invalid, "%s: by what means the act reached the record is not said", ev.Act)
	}
	return validText(string(ev.Act)+": the note", ev.Note)
}

// actName reports whether s is a noun, a dot and a verb: lower-case letters,
// digits, underscores and dashes.
func actName(s string) bool {
	noun, verb, ok := strings.Cut(s, ".")
	if !ok || noun == "" || verb == "" || len(s) > 80 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-' || i == len(noun)) {
			return false
		}
	}
	return true
}

// appendActor writes the value of the claim actor: absent members are left
// out, via is always there (L4).
func appendActor(b []byte, a jurat.Actor) []byte {
	b = append(b, '{')
	for _, m := range [...]struct{ name, value string }{{"person", string(a.Person)}, {"office", string(a.Office)}, {"role", string(a.Role)}} {
		if m.value != "" {
			b = append(b, '"')
			b = append(b, m.name...)
			b = append(b, `":`...)
			b = append(appendText(b, m.value), ',')
		}
	}
	b = append(b, `"via":`...)
	return append(appendText(b, string(a.Via)), '}')
}

func appendOrders(b []byte, orders []jurat.OrderVersion) []byte {
	b = append(b, '[')
	for i, o := range orders {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"id":`...)
		b = appendText(b, o.ID)
		b = append(b, `,"digest":"`...)
		b = append(b, o.Digest.String()...)
		b = append(b, `"}`...)
	}
	return append(b, ']')
}

// appendOpen writes the [jurat.OpenPart] of ev.
func appendOpen(b []byte, ev jurat.Event) ([]byte, error) {
	b = append(b, `{"item":{"noun":`...)
	b = appendText(b, string(ev.Item.Noun))
	b = append(b, `,"id":`...)
	b = appendText(b, string(ev.Item.ID))
	b = append(b, `},"value":`...)
	b, err := appendJSON(b, ev.Value)
	if err != nil {
		return b, err
	}
	if ev.Note != "" {
		b = append(b, `,"note":`...)
		b = appendText(b, ev.Note)
	}
	return append(b, '}'), nil
}

// appendDigests writes an _sd array, sorted so that its order tells nothing.
func appendDigests(b []byte, sums []digest) []byte {
	slices.SortFunc(sums, func(a, b digest) int { return bytes.Compare(a[:], b[:]) })
	b = append(b, '[')
	for i := range sums {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, sums[i][:]...)
		b = append(b, '"')
	}
	return append(b, ']')
}

// A randomness is what one leaf needs of it, read at once.
type randomness struct {
	b []byte
}

func readRandom(r io.Reader, salts, decoys int) (*randomness, error) {
	b := make([]byte, (salts+decoys)*len(Salt{}))
	if _, err := io.ReadFull(r, b); err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "no randomness for salts")
	}
	return &randomness{b}, nil
}

func (r *randomness) salt() (s Salt) {
	r.b = r.b[copy(s[:], r.b):]
	return s
}

// decoys appends a decoy for what is left of the randomness: the digest of 16
// random bytes, which no disclosure can have (L3).
func (r *randomness) decoys(sums []digest) []digest {
	for len(r.b) > 0 {
		s := r.salt()
		sums = append(sums, digestOf(s[:]))
	}
	return sums
}
