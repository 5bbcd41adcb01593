package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
	"jurat/order"
)

// The gates an act may have to pass.
const (
	gateApprove = order.GateApprove
	gateRefer   = order.GateRefer
)

// A Duty and a Gate are the order engine's: derived when asked, never stored.
// The rest are what an order file says, by its own names, so that who works with
// the desk opens no other room.
type (
	Duty       = order.Duty
	DutyLine   = order.Line
	DuePage    = order.DuePage
	DutyState  = order.State
	Gate       = order.Gate
	GateReason = order.Reason
	Evaluation = order.Evaluation
	Order      = order.Order
	RecordType = order.RecordType
	Field      = order.Field
	Offence    = order.Offence
	Ground     = order.Ground
	// An OffenceElement is one of the order's table; an allegation has its own.
	OffenceElement = order.Element
	TableItem      = order.Item
	Numbered       = order.Numbered
	Period         = order.Period
	Scope          = order.Scope
	Question       = order.Question
)

// AdoptOrder puts an order file in force in this record. Invalid: the file is
// refused, a test of it fails, or the quick report would need too many
// questions. Adopting the same bytes again is Conflict.
func (d *Desk) AdoptOrder(ctx context.Context, c Caller, at time.Time, name string, text []byte) (*order.Order, Done, error) {
	o, err := d.orders.fit(name, text)
	if err != nil {
		return nil, Done{}, err
	}
	done, err := d.act(ctx, c, at, errand{act: jurat.OrderAdopted, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		now := h.house.orders
		if slices.Contains(now.versions, o.Version()) {
			return jurat.Event{}, jurat.Errorf(jurat.Conflict, "%s is in force already, in these very bytes", o.ID)
		}
		others := slices.DeleteFunc(slices.Clone(now.orders), func(p *order.Order) bool { return p.ID == o.ID })
		if err := order.Together(append(others, o)...).Err(); err != nil {
			return jurat.Event{}, err
		}
		_, ev, err := jurat.AdoptOrder(o.ID, o.Title, string(text), jurat.At(at))
		return ev, err
	}})
	if err != nil {
		return nil, Done{}, err
	}
	d.parsed.Store(jurat.DigestOf(text), o)
	return o, done, nil
}

// Orders are the orders in force. They are public texts: anybody may ask.
func (d *Desk) Orders(ctx context.Context) ([]*order.Order, error) {
	var all []*order.Order
	err := d.register.Read(ctx, func(tx *register.Tx) error {
		house, err := d.standing(tx)
		if err == nil {
			all = slices.Clone(house.orders.orders)
		}
		return err
	})
	return all, err
}

// facts are what the order engine reads of an incident.
func (v View) facts() order.Facts {
	return order.Facts{
		Incident: v.Incident, Records: withoutOwn(values(v.Records)), Exhibits: values(v.Exhibits), Flags: values(v.Flags), Holds: values(v.Holds),
		Accounts: values(v.Accounts), Allegations: values(v.Allegations), Referrals: values(v.Referrals), Contacts: values(v.Contacts), Parties: values(v.Parties), Dossiers: values(v.Dossiers),
		Viewings: values(v.Viewings),
	}
}

func values[T any](shown []Shown[T]) []T {
	all := make([]T, len(shown))
	for i, s := range shown {
		all[i] = s.Value
	}
	return all
}

// closed gives the reasons a gate is closed to one item of an incident.
func (f *inForce) closed(tx *register.Tx, item jurat.Item, gate order.GateID, at time.Time) ([]jurat.Reason, error) {
	v, err := f.view(tx, item.ID.Incident(), at)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(v.Gates, func(g Gate) bool { return g.ID == gate })
	if i < 0 || v.Gates[i].Open {
		return nil, nil
	}
	var out []jurat.Reason
	for _, r := range v.Gates[i].For(string(item.ID)) {
		out = append(out, jurat.Reason{Item: item, Say: r.Say + unknownOf(r)})
	}
	return out, nil
}

// unknownOf names what a reason could not be decided without, so that who is
// refused can say it.
func unknownOf(r GateReason) string {
	var all []string
	for _, line := range r.Why {
		if name, ok := strings.CutPrefix(line, "not known: "); ok {
			all = append(all, name)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " (not known: " + strings.Join(all, ", ") + ")"
}

// writing splits what a person entered into open fields and sealed parts, as
// the order that defines the type says. Invalid: an unknown type or field, or a
// value of the wrong type; what is missing is not refused here.
func (f *inForce) writing(typ jurat.RecordType, fields json.RawMessage) (jurat.Writing, error) {
	return order.Seal(f.orders, typ, fields)
}

// lacking gives what the order's schema finds missing in a record, sealed
// fields among the rest, as reasons against approving it.
func (d *Desk) lacking(tx *register.Tx, f *inForce, r jurat.Record) ([]jurat.Reason, error) {
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(r.Fields, &all); err != nil {
		return nil, err
	}
	for _, class := range r.Parts {
		part, err := d.sealedPart(tx, r.Item(), class)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(part, &all); err != nil {
			return nil, err
		}
	}
	whole, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	found, err := order.Validate(f.orders, r.Type, whole)
	if err != nil {
		return nil, err
	}
	var out []jurat.Reason
	for _, finding := range found {
		out = append(out, jurat.Reason{Item: r.Item(), Say: finding.Say})
	}
	return out, nil
}

func (f *inForce) recordType(typ jurat.RecordType) *order.RecordType {
	for _, o := range f.orders {
		if t := o.Record(string(typ)); t != nil {
			return t
		}
	}
	return nil
}

// filed refuses a record where its type does not belong: in an incident, or in
// the house (ORD-3's guidance is of no incident).
func (f *inForce) filed(typ jurat.RecordType, in jurat.IncidentNumber) error {
	house, incident := false, false
	for _, o := range f.orders {
		if t := o.Record(string(typ)); t != nil {
			house, incident = house || t.Scope.InHouse(), incident || t.Scope.InIncident()
		}
	}
	switch {
	case !house && !incident: // refused elsewhere
	case !incident && in != register.House:
		return jurat.Errorf(jurat.Invalid, "a record of type %s is the house's own: add it without an incident", typ)
	case !house && in == register.House:
		return jurat.Errorf(jurat.Invalid, "a record of type %s belongs to an incident: name it", typ)
	}
	return nil
}

func (f *inForce) recordTitle(typ jurat.RecordType) string {
	if t := f.recordType(typ); t != nil {
		return t.Label.String()
	}
	return string(typ)
}

// grounds are the grounds of retention of the orders in force.
func (f *inForce) grounds() []string {
	var all []string
	for _, o := range f.orders {
		for _, g := range o.Grounds {
			all = append(all, g.ID)
		}
	}
	return all
}

// charge finds an offence in the orders' tables; one in no table is kept as
// written, with level unclear (LAW-12).
func (f *inForce) charge(offence string) jurat.Charge {
	for _, o := range f.orders {
		found, ok := o.Offence(offence)
		if !ok {
			continue
		}
		version := o.Version()
		c := jurat.Charge{Offence: found.ID, Cite: found.Cite, Level: found.Level, Order: &version}
		for _, e := range found.Elements {
			c.Elements = append(c.Elements, jurat.Element{ID: e.ID, Text: e.Text.String(), Unverified: e.Basis == order.Unverified})
		}
		return c
	}
	return jurat.Charge{Offence: offence, Level: "unclear"}
}

// basisNotes quotes what an order says and on what basis that is known, for
// the dossier.
func (d *Desk) basisNotes(a jurat.Adoption) ([]format.BasisNote, error) {
	o, err := d.parse(a)
	if err != nil {
		return nil, err
	}
	notes := []format.BasisNote{}
	for _, c := range o.Clauses {
		n := format.BasisNote{Quote: c.Quote, Basis: string(c.Basis), Status: c.State}
		if n.Quote == "" {
			n.Quote = c.Title.String()
		}
		n.Source = readable(o, c.Sources)
		notes = append(notes, n)
	}
	for _, c := range o.Choices {
		notes = append(notes, format.BasisNote{Quote: c.Title.String(), Basis: string(c.Basis), Source: c.Author})
	}
	return notes, nil
}

// readable names sources so that a stranger can look them up.
func readable(o *order.Order, ids []string) string {
	var all []string
	for _, id := range ids {
		for _, src := range o.Sources {
			if src.ID == id {
				all = append(all, strings.TrimSpace(src.Title+" "+src.Address))
			}
		}
	}
	return strings.Join(all, "; ")
}
