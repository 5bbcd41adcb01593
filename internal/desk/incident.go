package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/order"
)

// OpenIncident opens an incident and gives its number.
func (d *Desk) OpenIncident(ctx context.Context, c Caller, at time.Time, o jurat.Opening) (jurat.Incident, Done, error) {
	var in jurat.Incident
	done, err := d.act(ctx, c, at, opening(at, o, &in))
	return in, done, err
}

// opening is the errand of [Desk.OpenIncident]; in is the incident once it is done.
func opening(at time.Time, o jurat.Opening, in *jurat.Incident) errand {
	return errand{act: jurat.IncidentOpened, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		number, err := tx.NextIncident(jurat.At(at).Year())
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		*in, ev, err = jurat.OpenIncident(number, o, h.Hand, jurat.At(at))
		return ev, err
	}}
}

// AmendIncident states what is known about an incident anew, with a reason.
func (d *Desk) AmendIncident(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber, o jurat.Opening, reason string) (Done, error) {
	return d.onIncident(ctx, c, at, jurat.IncidentAmended, number, func(h hand, in jurat.Incident) (jurat.Event, error) {
		_, ev, err := in.Amend(o, h.Hand, reason, jurat.At(at))
		return ev, err
	})
}

// onIncident does an act on an incident itself.
func (d *Desk) onIncident(ctx context.Context, c Caller, at time.Time, act jurat.Act, number jurat.IncidentNumber, do func(hand, jurat.Incident) (jurat.Event, error)) (Done, error) {
	return d.act(ctx, c, at, errand{act: act, incident: number, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		in, err := load[jurat.Incident](tx, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(number)})
		if err != nil {
			return jurat.Event{}, err
		}
		return do(h, in)
	}})
}

// A View is an incident with everything filed under it that is open.
type View struct {
	Incident    jurat.Incident
	Exhibits    []Shown[jurat.Exhibit]
	Records     []Shown[jurat.Record]
	Parties     []Shown[jurat.Party]
	Accounts    []Shown[jurat.Account]
	Allegations []Shown[jurat.Allegation]
	Flags       []Shown[jurat.Flag]
	Holds       []Shown[jurat.Hold]
	Contacts    []Shown[jurat.Contact]
	Referrals   []Shown[jurat.Referral]
	Dossiers    []Shown[jurat.Dossier]
	Probes      []Shown[jurat.Probe] // the newest of each exhibit
	Disposals   []Shown[jurat.Disposal]
	Redactions  []Shown[jurat.Redaction]
	Marks       []Shown[jurat.Mark] // but those on what waits
	Viewings    []Shown[jurat.Viewing]
	Waits       []Waits      // what does not open to the caller yet
	ReportFirst bool         // an adopted order has reports come before footage
	Dispatch    []Dispatched // what the tables on record have of its event number, to this office's people
	Duties      []Duty
	Gates       []Gate
	Lost        []Lost // events that cannot be found: none, unless rows were lost or taken away
	Offers             // to the caller
	Openings    int    // how often it, or a sealed part in it, was opened
}

// A Shown is an item as it is now, with the event that put it on the record
// and the one that left it as it is.
type Shown[T any] struct {
	Value T
	First jurat.EventID
	Event jurat.EventID
	At    time.Time
}

// lookAgain is how long one opening of an item covers further ones (§7).
const lookAgain = 15 * time.Minute

// Show opens an incident for reading, which is an event of it, once per person
// per fifteen minutes. The reports of other members have no fields for an
// officer whose own is not signed.
func (d *Desk) Show(ctx context.Context, c Caller, at time.Time, number jurat.IncidentNumber) (View, error) {
	var v View
	item := jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(number)}
	err := d.open(ctx, c, at, item, func(tx *register.Tx, h hand) error {
		var err error
		if v, err = h.house.orders.view(tx, number, jurat.At(at)); err != nil {
			return err
		}
		if v.Holds, err = d.withinSight(tx, h, v.Holds); err != nil {
			return err
		}
		h.waiting(&v, jurat.At(at))
		v.Offers = d.offered(h, number)
		if v.Openings, err = tx.Openings(number); err != nil {
			return err
		}
		_, owes, err := d.unsaid(tx, h, number)
		for i := range v.Records {
			if isClosed(h, v.Records[i].Value, owes) {
				v.Records[i].Value.Fields = nil
			}
		}
		if err == nil && h.own && v.Incident.EventNumber != "" {
			v.Dispatch, err = d.dispatched(tx, v.Incident.EventNumber)
		}
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// ShowHouse shows the records that are the house's own, such as the guidance to
// an order, with the duties and gates of no incident; but those a wall keeps from the
// caller, and what a hold names of incidents they may not open.
func (d *Desk) ShowHouse(ctx context.Context, c Caller, at time.Time) (View, error) {
	var v View
	err := d.read(ctx, c, at, actionList, register.House, func(tx *register.Tx, h hand) error {
		var err error
		if v, err = h.house.orders.view(tx, register.House, jurat.At(at)); err != nil {
			return err
		}
		v.Records = d.without(h, v.Records)
		v.Holds, err = d.withinSight(tx, h, v.Holds)
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// open reads an item of an incident for somebody who may see it. What was read
// is theirs once the opening is on the record. What is no item's number is of
// an incident that is not there.
func (d *Desk) open(ctx context.Context, c Caller, at time.Time, item jurat.Item, read func(*register.Tx, hand) error) error {
	in, covered := chainOf(item.ID), false
	err := d.read(ctx, c, at, actionView, in, func(tx *register.Tx, h hand) error {
		if err := read(tx, h); err != nil {
			return err
		}
		var err error
		covered, err = looked(tx, h, jurat.At(at), item)
		return err
	})
	if err != nil || covered {
		return err
	}
	_, err = d.act(ctx, c, at, errand{act: actionView, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		if covered, err := looked(tx, h, jurat.At(at), item); err != nil || covered {
			return jurat.Event{}, err
		}
		return jurat.LookAt(in, item), nil
	}})
	return err
}

// looked reports whether an earlier opening by the same person covers one now:
// one less than fifteen minutes before. A clock that went back covers nothing.
func looked(tx *register.Tx, h hand, at time.Time, item jurat.Item) (bool, error) {
	last, err := tx.LastAct(jurat.Item{Noun: jurat.NounLook, ID: item.ID}, jurat.ItemOpened, h.Person)
	if errors.Is(err, jurat.NotFound) {
		return false, nil
	}
	return err == nil && !at.Before(last) && at.Sub(last) < lookAgain, err
}

func (f *inForce) view(tx *register.Tx, number jurat.IncidentNumber, at time.Time) (View, error) {
	v, err := filed(tx, number)
	if err != nil {
		return View{}, err
	}
	e := order.Evaluate(f.orders, v.facts(), at)
	v.Duties, v.Gates = e.Duties, e.Gates
	if number != register.House {
		if v.Lost, err = lost(tx, number); err != nil {
			return View{}, err
		}
		closeFor(v.Lost, v.Gates)
	}
	return v, nil
}

// filed is everything filed under an incident that is open or, for the zero
// number, the house's own records.
func filed(tx *register.Tx, number jurat.IncidentNumber) (View, error) {
	var v View
	if number != register.House {
		var err error
		if v.Incident, err = load[jurat.Incident](tx, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(number)}); err != nil {
			return View{}, err
		}
	}
	rows, err := tx.Filed(number, filedNouns)
	if err != nil {
		return View{}, err
	}
	rows = slices.DeleteFunc(rows, erased)
	for _, noun := range filedNouns {
		of := func(row register.ItemRow) bool { return row.Item.Noun == noun }
		from := max(slices.IndexFunc(rows, of), 0)
		to := from
		for to < len(rows) && of(rows[to]) {
			to++
		}
		if err := v.add(noun, rows[from:to]); err != nil {
			return View{}, err
		}
	}
	return v, holdsOver(tx, number, &v.Holds)
}

// filedNouns are the nouns of what a [View] has.
var filedNouns = []jurat.Noun{
	jurat.NounExhibit, jurat.NounRecord, jurat.NounParty, jurat.NounAccount, jurat.NounAllegation, jurat.NounFlag, jurat.NounHold, jurat.NounContact,
	jurat.NounReferral, jurat.NounDossier, jurat.NounProbe, jurat.NounDisposal, jurat.NounRedaction, jurat.NounMark, jurat.NounViewing,
}

// add reads the items of one noun into a view.
func (v *View) add(noun jurat.Noun, rows []register.ItemRow) error {
	switch noun {
	case jurat.NounExhibit:
		return showAll(rows, &v.Exhibits)
	case jurat.NounRecord:
		return showAll(rows, &v.Records)
	case jurat.NounParty:
		return showAll(rows, &v.Parties)
	case jurat.NounAccount:
		return showAll(rows, &v.Accounts)
	case jurat.NounAllegation:
		return showAll(rows, &v.Allegations)
	case jurat.NounFlag:
		return showAll(rows, &v.Flags)
	case jurat.NounHold:
		return showAll(rows, &v.Holds)
	case jurat.NounContact:
		return showAll(rows, &v.Contacts)
	case jurat.NounReferral:
		return showAll(rows, &v.Referrals)
	case jurat.NounDossier:
		return showAll(rows, &v.Dossiers)
	case jurat.NounProbe:
		return showAll(rows, &v.Probes)
	case jurat.NounDisposal:
		return showAll(rows, &v.Disposals)
	case jurat.NounRedaction:
		return showAll(rows, &v.Redactions)
	case jurat.NounMark:
		return showAll(rows, &v.Marks)
	case jurat.NounViewing:
		return showAll(rows, &v.Viewings)
	}
	return nil // of a noun that no view has
}

// holdsOver adds the holds of the house that cover anything in an incident.
func holdsOver(tx *register.Tx, number jurat.IncidentNumber, into *[]Shown[jurat.Hold]) error {
	if number == register.House {
		return nil
	}
	var all []Shown[jurat.Hold]
	if err := shown(tx, register.House, jurat.NounHold, &all); err != nil {
		return err
	}
	for _, h := range all {
		if h.Value.Holds(jurat.ItemID(number)) {
			*into = append(*into, h)
		}
	}
	return nil
}

// erased reports whether nothing is left to read of an item.
func erased(row register.ItemRow) bool { return row.Open == nil }

func shown[T any](tx *register.Tx, in jurat.IncidentNumber, noun jurat.Noun, into *[]Shown[T]) error {
	rows, err := tx.Items(in, noun)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(rows, erased)
	return showAll(rows, into)
}

// showAll reads items, none of them erased.
func showAll[T any](rows []register.ItemRow, into *[]Shown[T]) error {
	*into = make([]Shown[T], len(rows))
	for i, row := range rows {
		if err := decode(row, &(*into)[i].Value); err != nil {
			return err
		}
		(*into)[i].First, (*into)[i].Event, (*into)[i].At = row.First, row.Event, row.At
	}
	return nil
}

// A Line is an incident in a list.
type Line struct {
	Incident jurat.IncidentNumber
	Opened   time.Time
	Title    string
	Occurred jurat.Span
	Place    string     // as it is described; empty: not stated
	Match    jurat.Item // what of it has the words searched for; zero in a list
}

// List lists incidents after a number, newest first, at most limit of them.
// Lists are journalled before they are given; they are no events of an incident.
func (d *Desk) List(ctx context.Context, c Caller, at time.Time, after jurat.IncidentNumber, limit int) ([]Line, error) {
	return d.lines(ctx, c, at, actionIncidents, "list", func(tx *register.Tx, h hand) ([]register.IncidentRow, error) {
		return tx.ListIncidents(h.house.hidden(h), after, limit)
	})
}

// lines gives what find finds; it leaves out what a court's order hides.
func (d *Desk) lines(ctx context.Context, c Caller, at time.Time, action jurat.Act, kind string, find func(*register.Tx, hand) ([]register.IncidentRow, error)) ([]Line, error) {
	var lines []Line
	var found entry
	err := d.read(ctx, c, at, action, "", func(tx *register.Tx, h hand) error {
		found, lines = question{who: h, action: action}.entry(kind), []Line{}
		rows, err := find(tx, h)
		if err != nil {
			return err
		}
		for _, row := range rows {
			in, err := lineOf(row)
			if err != nil {
				return err
			}
			lines = append(lines, in)
		}
		return nil
	})
	if err == nil {
		err = d.note(ctx, at, found)
	}
	if err != nil {
		return nil, err
	}
	return lines, nil
}

func lineOf(row register.IncidentRow) (Line, error) {
	var in jurat.Incident
	err := decode(row.ItemRow, &in)
	return Line{Incident: in.Number, Opened: in.OpenedAt, Title: in.Title, Occurred: in.Occurred, Place: in.Place.Description, Match: row.Match}, err
}
