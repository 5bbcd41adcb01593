package order

import (
	"encoding/json"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"jurat"
)

// variables are the names an expression may begin with.
type variable struct {
	name string
	doc  string
	of   *shape // of the value or of a list's items
	list bool
	get  func(*scene) ref.Val
}

var variables = []variable{
	{"incident", "the incident", incidentShape, false, func(s *scene) ref.Val { return s.incident }},
	{"exhibits", "the exhibits on record", exhibitShape, true, func(s *scene) ref.Val {
		if s.exhibits == nil {
			all := make([]exhibit, len(s.f.Exhibits))
			for i := range s.f.Exhibits {
				all[i] = exhibit{&s.f.Exhibits[i], s.view}
			}
			s.exhibits = things(exhibitShape, all, func(x exhibit) string { return string(x.ID) })
		}
		return s.exhibits
	}},
	{"accounts", "every side's account", accountShape, true, func(s *scene) ref.Val {
		if s.accounts == nil {
			s.accounts = things(accountShape, pointers(s.f.Accounts), func(a *jurat.Account) string { return string(a.ID) })
		}
		return s.accounts
	}},
	{"allegations", "the allegations on record", allegationShape, true, func(s *scene) ref.Val {
		if s.alleged == nil {
			all := make([]allegation, len(s.f.Allegations))
			for i := range s.f.Allegations {
				all[i] = allegation{&s.f.Allegations[i], s.view}
			}
			s.alleged = things(allegationShape, all, func(a allegation) string { return string(a.ID) })
		}
		return s.alleged
	}},
	{"referrals", "the referrals on record", referralShape, true, func(s *scene) ref.Val {
		if s.referred == nil {
			all := make([]referral, len(s.f.Referrals))
			for i := range s.f.Referrals {
				all[i] = referral{&s.f.Referrals[i], s.view}
			}
			s.referred = things(referralShape, all, func(r referral) string { return string(r.ID) })
		}
		return s.referred
	}},
	{"contacts", "the recorded contacts with political offices", contactShape, true, func(s *scene) ref.Val {
		if s.contacts == nil {
			s.contacts = things(contactShape, pointers(s.f.Contacts), func(c *jurat.Contact) string { return string(c.ID) })
		}
		return s.contacts
	}},
	{"holds", "the holds on record", holdShape, true, func(s *scene) ref.Val {
		if s.holds == nil {
			s.holds = things(holdShape, pointers(s.f.Holds), func(h *jurat.Hold) string { return string(h.ID) })
		}
		return s.holds
	}},
	{"parties", "the party slots", partyShape, true, func(s *scene) ref.Val {
		if s.parties == nil {
			s.parties = things(partyShape, pointers(s.f.Parties), func(p *jurat.Party) string { return string(p.ID) })
		}
		return s.parties
	}},
	{"order", "this order", orderShape, false, func(s *scene) ref.Val { return s.orderOn }},
}

// A FactName is one name an expression may use, and what it means.
type FactName struct {
	Name string `json:"name"` // incident.trigger, exhibits[].kind
	Type string `json:"type"`
	Doc  string `json:"doc"`
}

// FactNames lists every name an expression of any order may use, apart from
// records.TYPE.FIELD, moment.ID and term.ID, which the order itself names.
func FactNames() []FactName {
	out := []FactName{{"now", typeName(cel.TimestampType), "the moment the question is asked"}}
	for _, v := range variables {
		in := v.name
		if v.list {
			in += "[]"
		}
		for _, n := range v.of.names {
			s := v.of.slots[n]
			out = append(out, FactName{in + "." + n, typeName(s.typ), s.doc})
		}
	}
	for _, n := range periodShape.names {
		out = append(out, FactName{"period." + n, typeName(periodShape.slots[n].typ), periodShape.slots[n].doc})
	}
	for _, s := range recordSlots() {
		out = append(out, FactName{"records.TYPE[]." + s.name, typeName(s.typ), s.doc})
	}
	for _, n := range elementShape.names {
		out = append(out, FactName{"allegations[].elements[]." + n, typeName(elementShape.slots[n].typ), elementShape.slots[n].doc})
	}
	return out
}

// recordSlots are the slots every record has beside its fields.
func recordSlots() []*slot {
	return []*slot{
		textSlot("id", "its number", func(r *record) jurat.ItemID { return r.ID }),
		textSlot("state", "draft, submitted, returned, approved", func(r *record) jurat.RecordState { return r.State }, "draft", "submitted", "returned", "approved"),
		wholeSlot("version", "counted from 1", func(r *record) int { return r.Version }),
		textSlot("author", "the person who wrote it", func(r *record) jurat.PersonID { return r.Author }),
		textSlot("office", "the author's office", func(r *record) jurat.OfficeID { return r.Office }),
		timeSlot("written_at", "when this version was written", func(r *record) time.Time { return r.WrittenAt }),
		timeSlot("submitted_at", "when it was sworn", func(r *record) time.Time { return r.SubmittedAt }),
		textSlot("approved_by", "the person who approved it", func(r *record) jurat.PersonID { return r.ApprovedBy }),
		timeSlot("approved_at", "when it was approved", func(r *record) time.Time { return r.ApprovedAt }),
		textSlot("amends", "the record it amends", func(r *record) jurat.ItemID { return r.Amends }),
	}
}

// value turns one field of a record into what an expression sees; nil where it
// is missing, empty, "unknown" to a yes-or-no question, or not of its type.
func (f *Field) value(v any, in *shape, zone *time.Location, id string) ref.Val {
	switch f.Type {
	case "string":
		s, _ := v.(string)
		switch {
		case s == "":
			return nil
		case f.Answer:
			return answerVal(s)
		case f.Format == "date-time":
			t, _ := time.Parse(time.RFC3339, s)
			return timeVal(t)
		case f.Format == "date":
			t, _ := time.ParseInLocation(time.DateOnly, s, zone)
			return timeVal(t)
		}
		return types.String(s)
	case "integer":
		if n, ok := v.(json.Number); ok {
			if i, err := n.Int64(); err == nil {
				return types.Int(i)
			}
		}
	case "number":
		if n, ok := v.(json.Number); ok {
			if x, err := n.Float64(); err == nil {
				return types.Double(x)
			}
		}
	case "array":
		list, _ := v.([]any)
		if len(list) == 0 {
			return nil
		}
		out := make([]ref.Val, len(list))
		for i, item := range list {
			if out[i] = f.Items.value(item, in, zone, id); out[i] == nil {
				return nil
			}
		}
		return listVal(out)
	case "object":
		if m, ok := v.(map[string]any); ok {
			return &thing{shape: in, of: &m, id: id}
		}
	}
	return nil
}
