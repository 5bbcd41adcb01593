package format

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"jurat"
)

// A Trust is what somebody has decided to trust, obtained elsewhere than in
// what it is used to check (L17). The zero Trust trusts nobody.
type Trust struct {
	Offices   []TrustedOffice `json:"offices"`
	Witnesses []string        `json:"witnesses"` // cosignature verifier keys
	Quorum    int             `json:"quorum"`    // how many of them anchor a checkpoint
}

// A TrustedOffice is an office and the keys it is known by.
type TrustedOffice struct {
	Name   string   `json:"name"` // for people
	Origin string   `json:"origin"`
	Log    []string `json:"log"`    // note verifier keys, each named by Origin
	Office []JWK    `json:"office"` // keys of its signed letters
	Age    []string `json:"age"`    // recipients to encrypt to
}

// Office finds the office whose log is named origin. NotFound: there is none.
func (t Trust) Office(origin string) (TrustedOffice, error) {
	for _, o := range t.Offices {
		if o.Origin == origin {
			return o, nil
		}
	}
	return TrustedOffice{}, jurat.Errorf(jurat.NotFound, "the trust file names no office with origin %s", origin)
}

// Marshal prints t as ParseTrust reads it, for people: indented, a newline at
// the end. Invalid: t is not what ParseTrust accepts.
func (t Trust) Marshal() ([]byte, error) {
	full := t
	full.Witnesses = append([]string{}, t.Witnesses...)
	full.Offices = make([]TrustedOffice, len(t.Offices))
	for i, o := range t.Offices {
		o.Log, o.Office, o.Age = append([]string{}, o.Log...), append([]JWK{}, o.Office...), append([]string{}, o.Age...)
		full.Offices[i] = o
	}
	b, err := json.MarshalIndent(full, "", "  ")
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "trust file")
	}
	if _, err := ParseTrust(b); err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// ParseTrust reads a trust file. A field it does not know, a key that is not
// in its one spelling, a key given to two, and a quorum that can never be met
// or never be asked for are Invalid, with a sentence that names the field.
func ParseTrust(b []byte) (Trust, error) {
	t, err := parseTrust(b)
	if err != nil {
		return Trust{}, jurat.Because(jurat.Invalid, err, "trust file")
	}
	return t, nil
}

func parseTrust(b []byte) (t Trust, err error) {
	var offices, witnesses json.RawMessage
	var quorum int64
	list, err := members(b)
	if err != nil {
		return t, err
	}
	if err := bind(list, "offices", &offices, "witnesses?", &witnesses, "quorum?", &quorum); err != nil {
		return t, fmt.Errorf("%w; want offices, witnesses and quorum", err)
	}
	each, err := elements(offices)
	if err != nil {
		return t, fmt.Errorf("field \"offices\": %w", err)
	}
	seen := map[string]string{} // key or origin → whose
	for i, e := range each {
		o, err := parseOffice(e, seen)
		if err != nil {
			return t, fmt.Errorf("office %d: %w", i+1, err)
		}
		t.Offices = append(t.Offices, o)
	}
	if witnesses != nil {
		if t.Witnesses, err = texts(witnesses); err != nil {
			return t, fmt.Errorf("field \"witnesses\": %w", err)
		}
	}
	for _, w := range t.Witnesses {
		v, raw, err := witness(w)
		if err != nil {
			return t, fmt.Errorf("field \"witnesses\": %w", err)
		}
		// A cosignature does not commit to its name: the key alone counts.
		if err := once(seen, "key "+string(raw[1:]), "witness "+v.Name()); err != nil {
			return t, fmt.Errorf("field \"witnesses\": %w", err)
		}
	}
	if quorum > int64(len(t.Witnesses)) || quorum == 0 && len(t.Witnesses) > 0 {
		return t, fmt.Errorf("field \"quorum\": %d of %d witnesses; want 1 to %d, or 0 when there are none", quorum, len(t.Witnesses), len(t.Witnesses))
	}
	t.Quorum = int(quorum)
	return t, nil
}

func parseOffice(b []byte, seen map[string]string) (o TrustedOffice, err error) {
	var log, office, age json.RawMessage
	list, err := members(b)
	if err != nil {
		return o, err
	}
	if err := bind(list, "name", &o.Name, "origin", &o.Origin, "log", &log, "office", &office, "age", &age); err != nil {
		return o, fmt.Errorf("%w; want name, origin, log, office and age", err)
	}
	if o.Name == "" || utf8.RuneCountInString(o.Name) > 200 {
		return o, fmt.Errorf("field \"name\": want 1 to 200 characters")
	}
	who := "office " + o.Name
	if err := CheckOrigin(o.Origin); err != nil {
		return o, fmt.Errorf("field \"origin\": %w", err)
	}
	if err := once(seen, "origin "+o.Origin, who); err != nil {
		return o, fmt.Errorf("field \"origin\": %w", err)
	}
	if o.Log, err = texts(log); err != nil {
		return o, fmt.Errorf("field \"log\": %w", err)
	}
	for _, vkey := range o.Log {
		v, pub, err := logKey(vkey)
		if err == nil && v.Name() != o.Origin {
			err = fmt.Errorf("the key is named %s, and the origin is %s", v.Name(), o.Origin)
		}
		if err == nil {
			err = once(seen, "key "+string(pub), who)
		}
		if err != nil {
			return o, fmt.Errorf("field \"log\": %w", err)
		}
	}
	keys, err := elements(office)
	if err != nil {
		return o, fmt.Errorf("field \"office\": %w", err)
	}
	for _, k := range keys {
		jwk, err := ParseJWK(k)
		if err != nil {
			return o, fmt.Errorf("field \"office\": %w", err)
		}
		pub, err := jwk.Public()
		// An office whose log ended and was continued stands once for each, under
		// one name and with one key for its letters.
		if again := seen["letters "+string(pub)] == who && !slices.Contains(o.Office, jwk); err == nil && !again {
			err = once(seen, "key "+string(pub), who)
		}
		seen["letters "+string(pub)] = who
		if err != nil {
			return o, fmt.Errorf("field \"office\": %w", err)
		}
		o.Office = append(o.Office, jwk)
	}
	if o.Age, err = texts(age); err != nil {
		return o, fmt.Errorf("field \"age\": %w", err)
	}
	for _, r := range o.Age {
		if err := checkRecipient(r); err != nil {
			return o, fmt.Errorf("field \"age\": %w", err)
		}
	}
	return o, nil
}

// once refuses a key or an origin that two are known by.
func once(seen map[string]string, what, who string) error {
	kind, _, _ := strings.Cut(what, " ")
	if whose, ok := seen[what]; ok {
		return fmt.Errorf("the %s of %s is also that of %s", kind, who, whose)
	}
	seen[what] = who
	return nil
}

// checkRecipient accepts what looks like an age recipient; only age itself can
// say more, when something is encrypted to it.
func checkRecipient(s string) error {
	ok := strings.HasPrefix(s, "age1") && len(s) >= 60 && len(s) <= 4000
	for i := range len(s) {
		c := s[i]
		ok = ok && (c >= 'a' && c <= 'z' || c >= '0' && c <= '9')
	}
	if !ok {
		return fmt.Errorf("%q is not an age recipient; want one that begins with age1", s)
	}
	return nil
}
