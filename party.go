package jurat

import "strings"

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
	Capacity    string    `json:"capacity"` // supervisor_on_scene, officer, injured, witness, complainant, …
	Agency      string    `json:"agency,omitempty"`
	AgencyBasis Knowledge `json:"agency_basis,omitempty"`
	Masked      Answer    `json:"masked"`
	VisibleID   Answer    `json:"visible_id"`
	Parts       []Class   `json:"parts,omitempty"`
}

// A Particulars is what is known of a party beyond the slot. Name and Badge go
// to the sealed class identity, Contact to contact.
type Particulars struct {
	Slot, Capacity, Agency string
	AgencyBasis            Knowledge
	Masked, VisibleID      Answer
	Name, Badge, Contact   string
}

// AddParty adds a slot to an incident.
func AddParty(id ItemID, p Particulars, by Hand) (Party, Event, error) {
	if err := by.needPerson("adding a party"); err != nil {
		return Party{}, Event{}, err
	}
	return Party{ID: id}.set(PartyAdded, p, "")
}

// Amend states more, or other, about a slot, with a reason; what was stated
// before stays on the record.
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
	if strings.TrimSpace(q.Slot) == "" || strings.TrimSpace(q.Capacity) == "" {
		return p, Event{}, Errorf(Invalid, "a party needs a slot such as \"Supervisor 1\" and a capacity such as supervisor_on_scene")
	}
	if q.AgencyBasis == "" {
		q.AgencyBasis = KnownNot
	}
	for _, a := range []*Answer{&q.Masked, &q.VisibleID} {
		if *a == "" {
			*a = Unknown
		}
		if err := oneOf("answer", *a, []Answer{Yes, No, Unknown}); err != nil {
			return p, Event{}, err
		}
	}
	if err := oneOf("agency basis", q.AgencyBasis, []Knowledge{KnownStated, KnownInsignia, KnownDocument, KnownVehicle, KnownConfirmed, KnownAssumed, KnownNot}); err != nil {
		return p, Event{}, err
	}
	next := Party{ID: p.ID, Slot: q.Slot, Capacity: q.Capacity, Agency: q.Agency, AgencyBasis: q.AgencyBasis, Masked: q.Masked, VisibleID: q.VisibleID}
	sealed := map[Class]any{}
	if q.Name != "" || q.Badge != "" {
		sealed[ClassIdentity] = map[string]string{"name": q.Name, "badge": q.Badge}
		next.Parts = append(next.Parts, ClassIdentity)
	}
	if q.Contact != "" {
		sealed[ClassContact] = map[string]string{"contact": q.Contact}
		next.Parts = append(next.Parts, ClassContact)
	}
	return next, Event{Act: act, Incident: p.ID.Incident(), Item: Item{Noun: NounParty, ID: p.ID}, Value: next, Sealed: sealed, Note: note}, nil
}
