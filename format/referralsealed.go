package format

import (
	"bytes"
	"encoding/json"

	"jurat"
)

// A SealedDocument is a file under data/sealed/: sealed parts of the incident's
// events, each with the disclosure by which the ledger commits to it, so that
// an identity can be handed over, and proved, apart from everything else (D48).
type SealedDocument struct {
	Version int          `json:"version"`
	Parts   []SealedPart `json:"parts"`
}

// A SealedPart is one sealed part of one event.
type SealedPart struct {
	Event      jurat.EventID   `json:"event"`
	Item       jurat.Item      `json:"item"`
	Slot       string          `json:"slot,omitempty"` // for people: Supervisor 1
	Class      jurat.Class     `json:"class"`
	Value      json.RawMessage `json:"value"` // what the disclosure discloses
	Disclosure Disclosure      `json:"disclosure"`
}

// NewSealedPart reads the class and value out of a disclosure.
func NewSealedPart(event jurat.EventID, item jurat.Item, slot string, d Disclosure) (SealedPart, error) {
	name, value, err := d.Open()
	if err != nil {
		return SealedPart{}, err
	}
	class, err := jurat.ParseClass(name)
	if err != nil {
		return SealedPart{}, err
	}
	return SealedPart{event, item, slot, class, value, d}, nil
}

// Print writes the document in the spelling of D41.
func (d SealedDocument) Print() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "a sealed document cannot be written as JSON")
	}
	return b.Bytes(), nil
}

// ParseSealedDocument reads what Print writes. Unavailable: anything else, or
// a part whose value is not what its disclosure discloses.
func ParseSealedDocument(b []byte) (SealedDocument, error) {
	var d SealedDocument
	if err := strictJSON(b, &d); err != nil {
		return d, jurat.Because(jurat.Unavailable, err, "the sealed document cannot be read")
	}
	if d.Version != DossierVersion {
		return d, jurat.Errorf(jurat.Unavailable, "the sealed document is of version %d; this program knows version %d", d.Version, DossierVersion)
	}
	again, err := d.Print()
	if err != nil || !bytes.Equal(again, b) {
		return d, jurat.Errorf(jurat.Unavailable, "the sealed document is not in its one spelling")
	}
	return d, nil
}
