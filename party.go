package jurat

import (
	"cmp"
	"slices"
	"strings"
)

// Acts on a party slot.
const (
	PartyAdded   Act = "party.added"
	PartyAmended Act = "party.amended"
)

// A Party is a person in an incident, as a slot: Supervisor 1, Injured 2. Who
// it is stays in the sealed classes identity and contact (IDN-3). One person
// may fill several slots; roles are per incident (LAW-8). There is no field
// for a home, a status, a belief or a likeness (requirements §13).
type Party struct {
	ID          ItemID    `json:"id"`
	Slot        string    `json:"slot"`
	Capacity    string    `json:"capacity"` // one of [Capacities], or other words
	Agency      string    `json:"agency,omitempty"`
	AgencyBasis Knowledge `json:"agency_basis,omitempty"`
	Masked      Answer    `json:"masked"`
	VisibleID   Answer    `json:"visible_id"`
	Parts       []Class   `json:"parts,omitempty"` // sealed parts stated of the slot so far, by this event or an earlier one
}

// Capacities are the words offered for the capacity somebody was there in. The
// list is open: other words are kept as they were written.
var Capacities = [...]string{"supervisor_on_scene", "officer", "injured", "witness", "complainant", "present"}

// A Particulars is what is known of a party beyond the slot. Name and Badge go
// to the sealed class identity, Contact to contact.
type Particulars struct {
	Slot, Capacity, Agency string
	AgencyBasis            Knowledge
	Masked, VisibleID      Answer
	Name, Badge, Contact   string
}

// AddParty adds a slot to an incident. It asks for the slot and the capacity;
// what else is not stated is unknown.
func AddParty(id ItemID, p Particulars, by Hand) (Party, Event, error) {
	if err := by.needPerson("adding a party"); err != nil {
		return Party{}, Event{}, err
	}
	if err := named(NounParty, id); err != nil {
		return Party{}, Event{}, err
	}
	next, ev, err := Party{ID: id, AgencyBasis: KnownNot, Masked: Unknown, VisibleID: Unknown}.set(PartyAdded, p, "")
	if err != nil {
		return Party{}, Event{}, err
	}
	return next, ev, nil
}

// Amend states more, or other, about a slot, with a reason: what is left out of
// q stays as it was stated, and a new agency comes with how it is known or is
// known not at all. What was stated before stays on the record.
func (p Party) Amend(q Particulars, by Hand, reason string) (Party, Event, error) {
	if err := by.needPerson("amending a party"); err != nil {
		return p, Event{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return p, Event{}, Errorf(Invalid, "say why %s is amended", p.ID)
	}
	return p.set(PartyAmended, q, reason)
}

func (p Party) set(act Act, q Particulars, note string) (Party, Event, error) {
	next := p.clone()
	if q.Agency != "" && q.Agency != p.Agency && q.AgencyBasis == "" {
		q.AgencyBasis = KnownNot
	}
	next.Slot, next.Capacity, next.Agency = cmp.Or(strings.TrimSpace(q.Slot), p.Slot), cmp.Or(strings.TrimSpace(q.Capacity), p.Capacity), cmp.Or(q.Agency, p.Agency)
	next.AgencyBasis, next.Masked, next.VisibleID = cmp.Or(q.AgencyBasis, p.AgencyBasis), cmp.Or(q.Masked, p.Masked), cmp.Or(q.VisibleID, p.VisibleID)
	if next.Slot == "" || next.Capacity == "" {
		return p, Event{}, Errorf(Invalid, "a party needs a slot such as \"Supervisor 1\" and a capacity such as supervisor_on_scene")
	}
	if err := oneOf("masked", next.Masked, answers[:]); err != nil {
		return p, Event{}, err
	}
	if err := oneOf("visible identification", next.VisibleID, answers[:]); err != nil {
		return p, Event{}, err
	}
	if err := oneOf("how the agency is known", next.AgencyBasis, Knowledges[:]); err != nil {
		return p, Event{}, err
	}
	sealed := map[Class]any{}
	for _, part := range []struct {
		class      Class
		name, text string
	}{{ClassIdentity, "name", q.Name}, {ClassIdentity, "badge", q.Badge}, {ClassContact, "contact", q.Contact}} {
		if part.text == "" {
			continue
		}
		m, _ := sealed[part.class].(map[string]string)
		if m == nil {
			m = map[string]string{}
			sealed[part.class] = m
		}
		m[part.name] = part.text
		if !slices.Contains(next.Parts, part.class) {
			next.Parts = append(next.Parts, part.class)
		}
	}
	if len(sealed) == 0 {
		sealed = nil
	}
	return next, Event{Act: act, Incident: p.ID.Incident(), Item: p.Item(), Value: next.clone(), Sealed: sealed, Note: note}, nil
}

// Item names the party.
func (p Party) Item() Item { return Item{Noun: NounParty, ID: p.ID} }

func (p Party) clone() Party {
	p.Parts = slices.Clone(p.Parts)
	return p
}

// EstablishedAgency is the agency of the slot as far as it may be referred or
// counted: empty when none is stated, and when it is only assumed or not known
// how it is known, which is counted as "agency not established" (INC-3).
func (p Party) EstablishedAgency() string {
	if !p.AgencyBasis.Established() {
		return ""
	}
	return p.Agency
}
