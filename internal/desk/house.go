package desk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// AddOffice adds an office. An administrator's act, or the operator's until
// there is one. Conflict: the name is taken.
func (d *Desk) AddOffice(ctx context.Context, c Caller, at time.Time, o jurat.Office) (Done, error) {
	return d.house(ctx, c, at, jurat.OfficeAdded, func(tx *register.Tx, h hand) (jurat.Event, error) {
		office, ev, err := jurat.AddOffice(o)
		if err != nil {
			return ev, err
		}
		return ev, free(tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(office.ID)})
	})
}

// A Pin is the keys of another office, obtained outside any dossier: a trust
// file with that office, and the recipient dossiers for it are encrypted to.
type Pin struct {
	Office jurat.OfficeID
	Trust  json.RawMessage
	Age    string
}

// TrustOffices pins keys of other offices, all of them or none. Conflict: they
// contradict each other, or what is pinned of an office that is not among them.
func (d *Desk) TrustOffices(ctx context.Context, c Caller, at time.Time, pins []Pin) ([]Done, error) {
	var all []Done
	at = jurat.At(at)
	err := d.write(ctx, at, func(tx *register.Tx) error {
		all = nil
		for _, p := range pins {
			done, err := d.perform(tx, c, at, errand{act: jurat.OfficeTrusted, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
				office, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(p.Office)})
				if err != nil {
					return jurat.Event{}, err
				}
				if _, err := format.ParseTrust(p.Trust); err != nil {
					return jurat.Event{}, err
				}
				_, ev, err := office.Pin(p.Trust, p.Age)
				return ev, err
			}})
			if err != nil {
				return err
			}
			all = append(all, done)
		}
		rows, err := tx.House(jurat.NounOffice)
		if err != nil {
			return err
		}
		offices := make([]jurat.Office, len(rows))
		for i, row := range rows {
			if err := decode(row, &offices[i]); err != nil {
				return err
			}
		}
		if _, err = pinned(offices); err != nil {
			return err
		}
		return oneOfficeEach(offices)
	})
	return all, err
}

// oneOfficeEach refuses a log pinned as that of two offices: nobody could say
// whose letters are signed in its name.
func oneOfficeEach(offices []jurat.Office) error {
	whose := map[string]jurat.OfficeID{}
	for _, o := range offices {
		if len(o.Trust) == 0 {
			continue
		}
		t, err := format.ParseTrust(o.Trust)
		if err != nil {
			return err
		}
		for _, log := range t.Offices {
			if first, ok := whose[log.Origin]; ok && first != o.ID {
				return jurat.Errorf(jurat.Conflict, "the log %s is pinned here as that of %s, and cannot be that of %s too", log.Origin, first, o.ID)
			}
			whose[log.Origin] = o.ID
		}
	}
	return nil
}

// TrustOffice is TrustOffices of one.
func (d *Desk) TrustOffice(ctx context.Context, c Caller, at time.Time, id jurat.OfficeID, trust json.RawMessage, age string) (Done, error) {
	all, err := d.TrustOffices(ctx, c, at, []Pin{{Office: id, Trust: trust, Age: age}})
	if err != nil {
		return Done{}, err
	}
	return all[0], nil
}

// AddPerson adds a person to an office that is on the record.
func (d *Desk) AddPerson(ctx context.Context, c Caller, at time.Time, p jurat.Person) (Done, error) {
	return d.house(ctx, c, at, jurat.PersonAdded, func(tx *register.Tx, h hand) (jurat.Event, error) {
		person, ev, err := jurat.AddPerson(p)
		if err != nil {
			return ev, err
		}
		for _, id := range append([]jurat.OfficeID{person.Office}, person.Advises...) {
			if _, err := load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(id)}); err != nil {
				return ev, err
			}
		}
		return ev, free(tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(person.ID)})
	})
}

// AddKey records a public key a person signs with: of a key file, or of a
// passkey. Conflict: it is on the record already, as anybody's. What stands beside it
// is done in the same transaction, or neither is.
func (d *Desk) AddKey(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, key format.PersonKey, beside ...func(*register.Tx) error) (Done, error) {
	return d.about(ctx, c, at, jurat.PersonKey, id, func(tx *register.Tx, h hand) (jurat.Event, error) {
		raw, err := json.Marshal(key)
		if err != nil {
			return jurat.Event{}, err
		}
		if _, err := format.ParsePersonKey(raw); err != nil {
			return jurat.Event{}, err
		}
		person, err := load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
		if err != nil {
			return jurat.Event{}, err
		}
		_, ev, err := person.AddKey(raw)
		if err != nil {
			return ev, err
		}
		if err := keyIsNew(tx, id, key); err != nil {
			return ev, err
		}
		return ev, each(tx, beside)
	})
}

// each does what stands beside an act.
func each(tx *register.Tx, beside []func(*register.Tx) error) error {
	for _, do := range beside {
		if err := do(tx); err != nil {
			return err
		}
	}
	return nil
}

// keyIsNew refuses a key that anybody has, or that anybody else ever had: one
// key for two people would let one of them be both (REF-1), and what somebody
// signed with a key that was taken off them stays theirs.
func keyIsNew(tx *register.Tx, id jurat.PersonID, key format.PersonKey) error {
	people, err := tx.House(jurat.NounPerson)
	if err != nil {
		return err
	}
	for _, row := range people {
		events, err := tx.EventsOf(row.Item)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Act != jurat.PersonKey || row.Item.ID == jurat.ItemID(id) && e.ID != row.Event { // of their own, only those they have
				continue
			}
			st, err := statement(e)
			if err != nil {
				return err
			}
			var p jurat.Person
			part, err := st.Open()
			if err == nil {
				err = json.Unmarshal(part.Value, &p)
			}
			if err != nil {
				return fmt.Errorf("read the keys of %s: %w", row.Item.ID, err)
			}
			for _, raw := range p.Keys {
				if k, err := format.ParsePersonKey(raw); err == nil && k.Thumbprint() == key.Thumbprint() {
					return jurat.Errorf(jurat.Conflict, "this key is on the record already, as %s's: every person signs with a key of their own", p.ID)
				}
			}
		}
	}
	return nil
}

// DropKey takes a public key off a person, for instance of a passkey they
// lost. What was signed with it stays checkable. NotFound: they have none of
// that thumbprint.
func (d *Desk) DropKey(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, thumbprint, reason string, beside ...func(*register.Tx) error) (Done, error) {
	return d.about(ctx, c, at, jurat.PersonKey, id, func(tx *register.Tx, h hand) (jurat.Event, error) {
		person, err := load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
		if err != nil {
			return jurat.Event{}, err
		}
		for _, raw := range person.Keys {
			if k, err := format.ParsePersonKey(raw); err == nil && k.Thumbprint() == thumbprint {
				_, ev, err := person.DropKey(raw, reason)
				if err != nil {
					return ev, err
				}
				return ev, each(tx, beside)
			}
		}
		return jurat.Event{}, jurat.Errorf(jurat.NotFound, "%s has no key %s", id, thumbprint)
	})
}

// RetirePerson ends a person's access: their sessions end with it, and what
// they came in by is gone.
func (d *Desk) RetirePerson(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, reason string) (Done, error) {
	return d.house(ctx, c, at, jurat.PersonRetired, func(tx *register.Tx, h hand) (jurat.Event, error) {
		person, err := load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
		if err != nil {
			return jurat.Event{}, err
		}
		_, ev, err := person.Retire(reason, jurat.At(at))
		if err != nil {
			return ev, err
		}
		return ev, tx.ForgetCredentials(id)
	})
}

// about is house for an act about a person, which may be theirs to do on
// themselves.
func (d *Desk) about(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.PersonID, do func(*register.Tx, hand) (jurat.Event, error)) (Done, error) {
	return d.act(ctx, c, at, errand{act: act, self: c.Person == id && c.Person != "", do: do})
}

func (d *Desk) house(ctx context.Context, c Caller, at time.Time, act jurat.Act, do func(*register.Tx, hand) (jurat.Event, error)) (Done, error) {
	return d.act(ctx, c, at, errand{act: act, do: do})
}

// free refuses a name that is taken.
func free(tx *register.Tx, i jurat.Item) error {
	_, err := tx.Item(i)
	if err == nil {
		return jurat.Errorf(jurat.Conflict, "%s %s is already on the record", i.Noun, i.ID)
	}
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	return err
}

// People lists who has access. Anybody the record knows may ask for this list,
// and for the offices and the orders; a political office may not.
func (d *Desk) People(ctx context.Context, c Caller, at time.Time) ([]jurat.Person, error) {
	return houseList[jurat.Person](ctx, d, c, at, jurat.NounPerson)
}

// Offices lists the offices on the record.
func (d *Desk) Offices(ctx context.Context, c Caller, at time.Time) ([]jurat.Office, error) {
	return houseList[jurat.Office](ctx, d, c, at, jurat.NounOffice)
}

// Adoptions lists the orders adopted.
func (d *Desk) Adoptions(ctx context.Context, c Caller, at time.Time) ([]jurat.Adoption, error) {
	return houseList[jurat.Adoption](ctx, d, c, at, jurat.NounOrder)
}

func houseList[T any](ctx context.Context, d *Desk, c Caller, at time.Time, noun jurat.Noun) ([]T, error) {
	var all []T
	err := d.read(ctx, c, at, actionList, "", func(tx *register.Tx, h hand) error {
		rows, err := tx.House(noun)
		if err != nil {
			return err
		}
		all = make([]T, len(rows))
		for i, row := range rows {
			if err := decode(row, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return all, err
}

// read answers a question that changes nothing, after the policy.
func (d *Desk) read(ctx context.Context, c Caller, at time.Time, action jurat.Act, in jurat.IncidentNumber, fn func(*register.Tx, hand) error) error {
	return d.journalled(ctx, at, d.register.Read(ctx, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, action, in); err != nil {
			return err
		}
		return refusedByLaw(question{who: h, action: action, incident: in}, fn(tx, h))
	}))
}
