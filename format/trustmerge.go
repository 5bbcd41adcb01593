package format

import (
	"encoding/json"
	"slices"

	"jurat"
)

// MergeTrust makes one trust of several: what they say alike stands once, and
// the quorum is the largest asked for. Conflict: one witness, log or office
// stands in two of them with other keys; the sentence names it.
func MergeTrust(all ...Trust) (Trust, error) {
	var m Trust
	for _, t := range all {
		m.Quorum = max(m.Quorum, t.Quorum)
		for _, w := range t.Witnesses {
			if err := m.addWitness(w); err != nil {
				return Trust{}, err
			}
		}
		for _, o := range t.Offices {
			if err := m.addOffice(o); err != nil {
				return Trust{}, err
			}
		}
	}
	if len(m.Offices) == 0 && len(m.Witnesses) == 0 {
		return m, nil
	}
	text, err := m.Marshal()
	if err != nil {
		return Trust{}, jurat.Because(jurat.Conflict, err, "the keys trusted here do not go together")
	}
	return ParseTrust(text)
}

// addWitness adds a witness's key. A witness may have one of each kind.
func (t *Trust) addWitness(vkey string) error {
	v, raw, err := witness(vkey)
	if err != nil {
		return jurat.Because(jurat.Invalid, err, "trust file")
	}
	for _, known := range t.Witnesses {
		if known == vkey {
			return nil
		}
		if k, old, err := witness(known); err == nil && k.Name() == v.Name() && old[0] == raw[0] {
			return jurat.Errorf(jurat.Conflict, "the witness %s is trusted here with another key (%s), and this gives %s: ask the witness which is theirs; if they changed it, pin one file that names every office whose file has the old one", v.Name(), known, vkey)
		}
	}
	t.Witnesses = append(t.Witnesses, vkey)
	return nil
}

func (t *Trust) addOffice(o TrustedOffice) error {
	for _, known := range t.Offices {
		if known.Origin != o.Origin {
			continue
		}
		a, err := json.Marshal(known)
		b, err2 := json.Marshal(o)
		if err == nil && err2 == nil && slices.Equal(a, b) {
			return nil
		}
		return jurat.Errorf(jurat.Conflict, "the log %s is trusted here as that of %s with other keys than those given for %s: ask the office which are theirs", o.Origin, known.Name, o.Name)
	}
	t.Offices = append(t.Offices, o)
	return nil
}
