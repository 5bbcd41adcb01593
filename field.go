package jurat

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// forbidden is the closed list of what has no field in any record, open or
// sealed (requirements §13). Each entry is one or more words that may not
// stand next to each other in the name of a field.
var forbidden = [...]string{
	// §13.4: the home and private life of an officer.
	"home address", "home street", "residence address", "residential address", "private address", "personal address",
	"home phone", "home telephone", "home fax", "home mobile", "home cell", "home email", "home e mail",
	"personal phone", "personal telephone", "personal mobile", "personal cell", "personal email", "personal e mail",
	"private phone", "private telephone", "private mobile", "private email", "private e mail",
	"ssn", "social security", "family member", "officer family", "agent family", "spouse",
	"social media account", "social media handle", "social media profile",
	// §13.5: status, origin, belief. RES-2 and REQ-6: what is not collected cannot be taken.
	"immigration status", "immigrant status", "citizenship", "nationality", "visa status", "residency status", "legal status", "documented status",
	"alien number", "alien registration", "country of birth", "birth country", "place of birth", "birth place", "birthplace", "national origin",
	"religion", "religious", "political view", "political opinion", "political belief", "political party", "political affiliation",
	// §13.2: likeness turned into a number.
	"biometric", "embedding", "faceprint", "face print", "face template", "face match", "face recognition", "facial recognition", "gait", "voiceprint", "voice print",
	// §13.1 and §13.6: where somebody is now, and what they are rated.
	"live position", "live location", "current position", "current location",
	"watchlist", "watch list", "risk score", "threat score", "danger score",
}

// ForbiddenField reports whether a field of this name may exist in no record,
// open or sealed: the home or private life of an officer, anybody's
// immigration or citizenship status, country of birth, religion or political
// views, biometrics, live positions, lists and scores of people (requirements
// §13). It reads names as people do: homeAddress, home-address and
// agent_home_addresses are one name.
func ForbiddenField(name string) bool {
	ws := words(name)
	for _, entry := range forbidden {
		want := strings.Fields(entry)
		if slices.Equal(want, ws) || strings.Join(ws, "") == strings.Join(want, "") {
			return true
		}
		for i := 0; i+len(want) <= len(ws); i++ {
			if slices.Equal(ws[i:i+len(want)], want) {
				return true
			}
		}
	}
	return false
}

// words takes a name apart at case, digits and punctuation, in lower case and
// the singular.
func words(name string) []string {
	var ws []string
	var w []rune
	end := func() {
		if len(w) > 0 {
			ws = append(ws, singular(strings.ToLower(string(w))))
		}
		w = nil
	}
	var last rune
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			end()
		case unicode.IsUpper(r) && unicode.IsLower(last):
			end()
			w = append(w, r)
		default:
			w = append(w, r)
		}
		last = r
	}
	end()
	return ws
}

func singular(w string) string {
	switch {
	case strings.HasSuffix(w, "sses"):
		return strings.TrimSuffix(w, "es")
	case strings.HasSuffix(w, "ies"):
		return strings.TrimSuffix(w, "ies") + "y"
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "us"):
		return w
	}
	return strings.TrimSuffix(w, "s")
}

const fieldDepth = 32

// readFields reads one JSON object as every reader will: names stand once, no
// field is a forbidden one. It gives the object in one spelling, and its
// fields by their exact names. Anything else is Invalid.
func readFields(what string, raw []byte) (json.RawMessage, map[string]json.RawMessage, error) {
	if len(raw) == 0 {
		raw = []byte("{}")
	}
	if !utf8.Valid(raw) || !json.Valid(raw) || bytes.TrimLeft(raw, " \t\r\n")[0] != '{' {
		return nil, nil, Errorf(Invalid, "the fields of %s must be one JSON object in UTF-8", what)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := walkFields(what, dec, 0); err != nil {
		return nil, nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, nil, Because(Invalid, err, "the fields of %s cannot be read", what)
	}
	spelt, err := json.Marshal(json.RawMessage(raw))
	if err != nil {
		return nil, nil, Because(Invalid, err, "the fields of %s cannot be written", what)
	}
	return spelt, fields, nil
}

// walkFields reads one value from dec, refusing a name that stands twice in
// one object (two readers would read two records) and a forbidden one.
func walkFields(what string, dec *json.Decoder, depth int) error {
	tok, err := dec.Token()
	if err != nil {
		return Because(Invalid, err, "the fields of %s cannot be read", what)
	}
	open, ok := tok.(json.Delim)
	if !ok {
		return nil
	}
	if depth == fieldDepth {
		return Errorf(Invalid, "the fields of %s are nested deeper than %d", what, fieldDepth)
	}
	seen := map[string]bool{}
	for dec.More() {
		if open == '{' {
			tok, err := dec.Token()
			if err != nil {
				return Because(Invalid, err, "the fields of %s cannot be read", what)
			}
			name, _ := tok.(string)
			switch {
			case seen[name]:
				return Errorf(Invalid, "the fields of %s name %q twice", what, name)
			case ForbiddenField(name):
				return Errorf(Invalid, "%s has a field %q: this record keeps nobody's home, status, belief, likeness, position or rating (requirements §13); leave it out", what, name)
			}
			seen[name] = true
		}
		if err := walkFields(what, dec, depth+1); err != nil {
			return err
		}
	}
	_, err = dec.Token() // the closing bracket, which json.Valid saw
	return err
}

// checkSealed refuses a sealed part of no sealed class, and forbidden fields in
// it: what may not be held is not held under seal either.
func checkSealed(what string, sealed map[Class]any) error {
	for _, c := range sealedClasses(sealed) {
		if c == ClassOpen || !slices.Contains(Classes[:], c) {
			return Errorf(Invalid, "%s: %q is no sealed class; want one of %v", what, c, Classes[1:])
		}
		raw, err := json.Marshal(sealed[c])
		if err != nil {
			return Because(Invalid, err, "%s: the %s part cannot be written", what, c)
		}
		if err := walkFields(what, json.NewDecoder(bytes.NewReader(raw)), 0); err != nil {
			return err
		}
	}
	return nil
}

// sealedClasses gives the classes of sealed parts, in one order.
func sealedClasses(sealed map[Class]any) []Class {
	var out []Class
	for c := range sealed {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Class) int {
		if i, j := slices.Index(Classes[:], a), slices.Index(Classes[:], b); i != j {
			return i - j
		}
		return strings.Compare(string(a), string(b))
	})
	return out
}
