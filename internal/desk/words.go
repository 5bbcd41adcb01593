package desk

import (
	"encoding/json"
	"strings"

	"jurat"
)

// words are the texts of an item's open part that a search finds it by, and its
// number. What is sealed never reaches them; nor do digests, letters and the
// lists of the law, which would drown what people wrote. Nothing: the item is
// not to be found by words.
func words(ev jurat.Event) string {
	var w writing
	w.add(string(ev.Item.ID))
	switch v := ev.Value.(type) {
	case jurat.Incident:
		w.add(v.Title, v.EventNumber, v.RDNumber, v.Place.Description, v.Place.Beat, v.Place.District)
	case jurat.Record:
		w.add(string(v.Type))
		w.fields(v.Fields)
	case jurat.Exhibit:
		w.add(v.Kind, v.System, v.Key, v.ReceivedFrom)
	case jurat.Party:
		w.add(v.Slot, v.Capacity, v.Agency)
	case jurat.Account:
		w.add(v.Side, v.Text, v.Source)
	case jurat.Allegation:
		w.add(v.Offence, v.Cite, v.Source)
		for _, e := range v.Elements {
			for _, list := range [][]jurat.Evidence{e.For, e.Against} {
				for _, ev := range list {
					w.add(ev.Note)
				}
			}
		}
	case jurat.Flag:
		w.add(v.Grounds...)
	case jurat.Hold:
		w.add(v.Matter)
	case jurat.Disposal:
		w.add(v.Certificate)
	case jurat.Contact:
		w.add(v.Office, v.What)
	case jurat.Redaction:
		for _, e := range v.Edits.Edits {
			w.add(e.Reason, e.Explanation)
		}
	case jurat.Referral:
		w.add(string(v.To), v.Reason)
		for _, a := range v.Answers {
			w.add(a.Reason)
		}
	default:
		return ""
	}
	w.add(ev.Note)
	return w.String()
}

// writing gathers texts, one a line.
type writing struct{ strings.Builder }

func (w *writing) add(texts ...string) {
	for _, t := range texts {
		if t != "" {
			w.WriteString(t)
			w.WriteByte('\n')
		}
	}
}

// fields adds every text of a record's open fields.
func (w *writing) fields(raw json.RawMessage) {
	var tree any
	if json.Unmarshal(raw, &tree) == nil {
		eachText(tree, func(s string) { w.add(s) })
	}
}

// eachText calls fn with every text of a JSON value.
func eachText(v any, fn func(string)) {
	switch v := v.(type) {
	case string:
		fn(v)
	case []any:
		for _, e := range v {
			eachText(e, fn)
		}
	case map[string]any:
		for _, e := range v {
			eachText(e, fn)
		}
	}
}
