package desk

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
	"jurat/internal/ledger"
	"jurat/internal/register"
)

// A filler fills a plan's parcel from one unchanging view of the record.
type filler struct {
	desk    *Desk
	tx      *register.Tx
	at      time.Time
	plan    *plan
	inForce *inForce
	rows    []register.EventRow
	said    []format.Statement // of rows, one for one
	people  map[jurat.PersonID]jurat.Person
	sealed  map[jurat.Class][]format.SealedPart
	seals   []int // places of the seals of dossiers that were sent, in order
}

func (f *filler) fill() error {
	f.people, f.sealed = map[jurat.PersonID]jurat.Person{}, map[jurat.Class][]format.SealedPart{}
	for _, step := range []func() error{f.events, f.head, f.orders, f.items, f.inventory, f.records, f.decision, f.sealedParts, f.house} {
		if err := step(); err != nil {
			return err
		}
	}
	f.missing()
	f.certificates()
	return nil
}

// events reads the incident's chain, with what the custody and the list of
// openings say of it.
func (f *filler) events() error {
	var err error
	if f.rows, err = f.tx.Events(f.plan.referral.Incident); err != nil {
		return err
	}
	p := &f.plan.parcel
	for i, row := range f.rows {
		ev, err := disclosed(row)
		if err != nil {
			return err
		}
		st, err := statement(row)
		if err != nil {
			return err
		}
		p.Events, f.said = append(p.Events, ev), append(f.said, st)
		f.plan.events = append(f.plan.events, row.ID)
		open, err := openOf(st)
		if err != nil {
			return err
		}
		switch {
		case row.Act == jurat.ItemOpened || row.Act == jurat.IdentityOpened:
			var look jurat.Look
			if err := json.Unmarshal(open.Value, &look); err != nil {
				return err
			}
			p.Opened = append(p.Opened, dossier.OpenedLine{At: rfc3339(st.At), Office: st.Actor.Office, Role: st.Actor.Role, Item: look.Of.ID, Reason: open.Note, Event: row.ID})
		case row.Item.Noun == jurat.NounExhibit || row.Item.Noun == jurat.NounCheck:
			by, err := f.person(st.Actor.Person)
			if err != nil {
				return err
			}
			p.Custody = append(p.Custody, dossier.CustodyLine{Item: row.Item.ID, Act: row.Act, At: rfc3339(st.At), By: work(by, st.Actor.Office), Note: open.Note, Event: row.ID})
		case row.Act == jurat.DossierSealed && f.wasSent(row.Item.ID):
			f.seals = append(f.seals, i)
		}
	}
	return nil
}

// openOf is the open part, or nothing where it was validly disposed of.
func openOf(st format.Statement) (jurat.OpenPart, error) {
	if _, ok := st.Values[jurat.ClassOpen]; !ok {
		return jurat.OpenPart{Value: json.RawMessage("{}")}, nil
	}
	return st.Open()
}

func (f *filler) wasSent(id jurat.ItemID) bool { return slices.Contains(f.plan.referral.Dossiers, id) }

// person reads a person once; nobody for an act of the local operator.
func (f *filler) person(id jurat.PersonID) (jurat.Person, error) {
	if p, ok := f.people[id]; ok || id == "" {
		return p, nil
	}
	p, err := load[jurat.Person](f.tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
	f.people[id] = p
	return p, err
}

func (f *filler) head() error {
	own, err := f.desk.ownOffice(f.tx)
	if err != nil {
		return err
	}
	d := &f.plan.parcel.Referral
	d.Version = format.DossierVersion
	d.Dossier = format.DossierHead{
		Referral: f.plan.referral.ID, Number: len(f.plan.referral.Dossiers), Made: f.at,
		Sender:   format.OfficeName{Office: own.ID, Name: own.Name, Origin: f.desk.origin},
		Receiver: format.OfficeName{Office: f.plan.to.ID, Name: f.plan.to.Name},
	}
	if f.plan.previous != nil {
		d.Dossier.Predecessor = f.plan.previous.TagManifest
	}
	return nil
}

// ownOffice is the first office of this record: the one it was made for.
func (d *Desk) ownOffice(tx *register.Tx) (jurat.Office, error) {
	rows, err := tx.HouseEvents(jurat.NounOffice)
	if err != nil {
		return jurat.Office{}, err
	}
	for _, row := range rows {
		o, err := load[jurat.Office](tx, row.Item)
		if err != nil {
			return o, err
		}
		if o.Own {
			return o, nil
		}
	}
	return jurat.Office{}, jurat.Errorf(jurat.Conflict, "this record has no office of its own")
}

// orders puts in every order an event of the incident was done under.
func (f *filler) orders() error {
	named := map[jurat.OrderVersion]bool{}
	for _, st := range f.said {
		for _, o := range st.Orders {
			named[o] = true
		}
	}
	rows, err := f.tx.HouseEvents(jurat.NounOrder)
	if err != nil {
		return err
	}
	p := &f.plan.parcel
	for _, row := range rows {
		var a jurat.Adoption
		if err := eventValue(row, &a); err != nil {
			return err
		}
		if !named[jurat.OrderVersion{ID: a.ID, Digest: a.Digest}] {
			continue
		}
		path := dossier.OrderPath(len(p.Orders) + 1)
		p.Orders = append(p.Orders, dossier.Document{Path: path, Bytes: []byte(a.Text)})
		notes, err := f.desk.basisNotes(a)
		if err != nil {
			return err
		}
		p.Referral.Orders = append(p.Referral.Orders, format.OrderText{ID: a.ID, Title: a.Title, Digest: a.Digest, Path: path, Notes: notes})
	}
	return nil
}

// eventValue reads the item an event left.
func eventValue(row register.EventRow, into any) error {
	st, err := statement(row)
	if err != nil {
		return err
	}
	open, err := st.Open()
	if err != nil {
		return err
	}
	return json.Unmarshal(open.Value, into)
}

func (f *filler) items() error {
	d, in := &f.plan.parcel.Referral, f.plan.referral.Incident
	incident, err := f.tx.Item(jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)})
	if err != nil {
		return err
	}
	d.Incident.Event = incident.Event
	if err := decode(incident, &d.Incident.Value); err != nil {
		return err
	}
	for _, read := range []func() error{
		func() error { return stated(f.tx, in, jurat.NounParty, &d.Parties) },
		func() error { return stated(f.tx, in, jurat.NounAccount, &d.Accounts) },
		func() error { return stated(f.tx, in, jurat.NounAllegation, &d.Allegations) },
		func() error { return stated(f.tx, in, jurat.NounFlag, &d.Flags) },
		func() error { return stated(f.tx, in, jurat.NounHold, &d.Holds) },
	} {
		if err := read(); err != nil {
			return err
		}
	}
	return nil
}

// stated lists the items of a noun with the events that stated them.
func stated[T any](tx *register.Tx, in jurat.IncidentNumber, noun jurat.Noun, into *[]format.Stated[T]) error {
	rows, err := tx.Items(in, noun)
	if err != nil {
		return err
	}
	*into = make([]format.Stated[T], len(rows))
	for i, row := range rows {
		(*into)[i].Event = row.Event
		if err := decode(row, &(*into)[i].Value); err != nil {
			return err
		}
	}
	return nil
}

// inventory lists every exhibit: here and new, sent before, or held elsewhere.
// Which dossier first carried one follows from the chain: the first at whose
// seal it was there and could be handed over (EVD-4).
func (f *filler) inventory() error {
	rows, err := f.tx.Items(f.plan.referral.Incident, jurat.NounExhibit)
	if err != nil {
		return err
	}
	p := &f.plan.parcel
	for _, row := range rows {
		item := format.InventoryItem{Exhibit: format.Stated[jurat.Exhibit]{Event: row.Event}}
		if err := decode(row, &item.Exhibit.Value); err != nil {
			return err
		}
		x := item.Exhibit.Value
		if item.Dossier, err = f.carried(x); err != nil {
			return err
		}
		given, err := original(f.tx, x)
		if err != nil {
			return err
		}
		withheld := given.UsableFor(jurat.UseProsecute)
		switch {
		case x.Disposed != nil:
			item.State, item.Disposal = format.ItemDisposed, row.Event
			item.Ground = "certificate " + x.Disposed.Certificate + ", schedule " + x.Disposed.Rule
		case x.Held == jurat.HeldElsewhere:
			item.State = format.ItemElsewhere
		case item.Dossier == len(f.seals) && withheld != nil:
			item.State, item.Ground = format.ItemWithheld, detail(withheld)
		case item.Dossier < len(f.seals):
			item.State = format.ItemSent
		default:
			blob, err := f.tx.Blob(x.ID)
			if err != nil {
				return err
			}
			item.State, item.Path = format.ItemNew, dossier.ExhibitPath(x.ID, x.Media)
			p.Exhibits = append(p.Exhibits, dossier.Exhibit{Path: item.Path, Size: x.Size, Digest: x.Digest, Open: f.desk.openBlob(blob)})
		}
		p.Referral.Inventory = append(p.Referral.Inventory, item)
	}
	return nil
}

// carried is the number of the dossier that first carried an exhibit; that of
// the next one where none did. A copy made here goes when its original may.
func (f *filler) carried(of jurat.Exhibit) (int, error) {
	given := of.Item()
	if of.Derivation != nil {
		given.ID = of.DerivedFrom
	}
	next := 0
	there, usable := false, false
	for n, seal := range f.seals {
		for ; next < seal; next++ {
			there = there || f.rows[next].Item == of.Item()
			if f.rows[next].Item != given {
				continue
			}
			open, err := openOf(f.said[next])
			if err != nil {
				return 0, err
			}
			var x jurat.Exhibit
			if err := json.Unmarshal(open.Value, &x); err != nil {
				return 0, err
			}
			usable = x.UsableFor(jurat.UseProsecute) == nil
		}
		if there && usable {
			return n, nil
		}
	}
	return len(f.seals), nil
}

// detail is what an error says to people.
func detail(err error) string {
	if said, ok := errors.AsType[*jurat.Error](err); ok {
		return said.Detail
	}
	return err.Error()
}

// records tells every record with all its versions and acts.
func (f *filler) records() error {
	d := &f.plan.parcel.Referral
	place := map[jurat.ItemID]int{}
	for i, row := range f.rows {
		if row.Item.Noun != jurat.NounRecord {
			continue
		}
		open, err := openOf(f.said[i])
		if err != nil {
			return err
		}
		var r jurat.Record
		if err := json.Unmarshal(open.Value, &r); err != nil {
			return err
		}
		if r.Wall != "" {
			return jurat.Errorf(jurat.Conflict, "record %s stands behind a wall, and no dossier carries one", r.ID)
		}
		n, seen := place[row.Item.ID]
		if !seen {
			n = len(d.Records)
			place[row.Item.ID] = n
			d.Records = append(d.Records, format.RecordHistory{ID: row.Item.ID, Type: r.Type, Title: f.inForce.recordTitle(r.Type)})
		}
		d.Records[n].Versions = append(d.Records[n].Versions, format.RecordVersion{
			Event: row.ID, At: f.said[i].At, Act: row.Act, By: f.said[i].Actor.Person, Note: open.Note, Value: open.Value,
		})
	}
	rows, err := f.tx.Items(f.plan.referral.Incident, jurat.NounRecord)
	if err != nil {
		return err
	}
	now := make([]jurat.Record, 0, len(rows))
	for _, row := range rows {
		if erased(row) {
			continue
		}
		var r jurat.Record
		if err := decode(row, &r); err != nil {
			return err
		}
		now = append(now, r)
	}
	d.Immunity = immunity(f.inForce.orders, now)
	return nil
}

// house brings the events a stranger needs to check the incident's: the keys
// of those who signed in it, the sender among them, the orders named, and how
// the logs ended that this record's log continues.
func (f *filler) house() error {
	signed := map[jurat.ItemID]bool{jurat.ItemID(f.plan.sender): true}
	for _, st := range f.said {
		if st.Proof != nil {
			signed[jurat.ItemID(st.Proof.Person)] = true
		}
	}
	rows, err := f.tx.HouseEvents("")
	if err != nil {
		return err
	}
	for _, row := range rows {
		switch row.Act {
		case jurat.PersonKey:
			if !signed[row.Item.ID] {
				continue
			}
		case jurat.OrderAdopted, jurat.KeyRotated:
		case jurat.LedgerContinued:
			var gap ledger.Gap
			if err := eventValue(row, &gap); err != nil {
				return err
			}
			f.plan.gaps = append(f.plan.gaps, gap)
		default:
			continue
		}
		ev, err := disclosed(row)
		if err != nil {
			return err
		}
		f.plan.parcel.House = append(f.plan.parcel.House, ev)
		f.plan.house = append(f.plan.house, row.ID)
	}
	return nil
}
