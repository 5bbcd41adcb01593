package desk

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// An Erased says what became of one letter of an erasure on this record.
type Erased struct {
	Incident jurat.IncidentNumber `json:"incident"`
	What     string               `json:"what"`   // the disposal or the writ, as it was named
	Again    []jurat.ItemID       `json:"again"`  // erased again now
	Before   []jurat.ItemID       `json:"before"` // erased already, or not in this backup
}

// Letters gives the office's letters about every disposal and expungement that
// was carried out on this record, which are kept apart from its backups: after
// a restore [Desk.Replay] erases again what they say.
func (d *Desk) Letters(ctx context.Context, c Caller, at time.Time) ([]string, error) {
	var all []string
	err := d.read(ctx, c, at, actionWrits, "", func(tx *register.Tx, _ hand) error {
		var err error
		all, err = d.letters(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// erasures are the disposals and expungements carried out on this record.
func erasures(tx *register.Tx) (all []format.Erasure, err error) {
	var done []jurat.Disposal
	err = tx.EachItem(register.AllEvents, nil, []jurat.Noun{jurat.NounDisposal}, func(item register.ItemState) error {
		var open jurat.OpenPart
		var x jurat.Disposal
		raw, err := item.State()
		if err != nil || raw == nil {
			return err
		}
		if err := json.Unmarshal(raw, &open); err != nil {
			return err
		}
		if err := json.Unmarshal(open.Value, &x); err != nil {
			return err
		}
		if x.Done() {
			done = append(done, x)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range done {
		done[i].Told = nil // so that a later word to a holder makes no other letter
		all = append(all, format.Erasure{Dispose: &done[i]})
	}
	writs, err := loadAll[jurat.Writ](tx, register.House, jurat.NounWrit)
	for i := range writs {
		if writs[i].Done() && writs[i].Kind == jurat.WritExpunge {
			all = append(all, format.Erasure{Expunge: &writs[i]})
		}
	}
	return all, err
}

func (d *Desk) letter(tx *register.Tx, e format.Erasure) (string, error) {
	var err error
	e.Version = format.DossierVersion
	if e.First, err = firstOf(tx, e.Incident()); err != nil {
		return "", err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return "", err
	}
	return format.SignJWS(d.office, format.TypErasure, text), nil
}

// firstOf is the event that opened an incident; "" where there is none.
func firstOf(tx *register.Tx, in jurat.IncidentNumber) (first jurat.EventID, err error) {
	enough := errors.New("enough was read")
	err = tx.EachEvent(in, func(e register.EventRow) error { first = e.ID; return enough })
	if errors.Is(err, enough) {
		err = nil
	}
	return first, err
}

// ReadLetters reads letters of erasures of this office. Invalid: one that is
// not, and then none is read.
func (d *Desk) ReadLetters(letters []string) ([]format.Erasure, error) {
	key := format.NewJWK(d.office.Public().(ed25519.PublicKey))
	all := make([]format.Erasure, len(letters))
	for i, text := range letters {
		var err error
		if all[i], err = format.ReadErasure(text, key); err != nil {
			return nil, jurat.Because(jurat.Invalid, err, "line %d is no letter of this office about an erasure", i+1)
		}
	}
	return all, nil
}

// Outstanding counts the letters whose erasure this record does not have: after
// a restore they are replayed before anybody looks at anything.
func (d *Desk) Outstanding(ctx context.Context, letters []string) (n int, err error) {
	all, err := d.ReadLetters(letters)
	if err != nil {
		return 0, err
	}
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		n = 0
		for _, e := range all {
			items, err := remaining(tx, e)
			if err != nil {
				return err
			}
			if len(items) > 0 {
				n++
			}
		}
		return nil
	})
	return n, err
}

// remaining are the items of an erasure that this record can still open: of an
// expungement, the incident itself.
func remaining(tx *register.Tx, e format.Erasure) ([]jurat.Item, error) {
	in := e.Incident()
	first, err := firstOf(tx, in)
	if err != nil || first == "" || first != e.First {
		return nil, err // not in this backup; or another incident has the number now
	}
	if e.Expunge != nil {
		row, err := tx.Event(first)
		if err != nil || len(row.Claims) == 0 {
			return nil, err
		}
		return []jurat.Item{{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}}, nil
	}
	var all []jurat.Item
	for _, y := range e.Dispose.Items {
		row, err := tx.Item(jurat.Item{Noun: jurat.NounExhibit, ID: y.Item})
		if errors.Is(err, jurat.NotFound) || err == nil && erased(row) {
			continue
		}
		var x jurat.Exhibit
		if err == nil {
			err = decode(row, &x)
		}
		if err != nil {
			return nil, err
		}
		same := x.Digest == y.Digest && x.Size == y.Size && x.System == y.System && x.Key == y.Key // or another has the number now
		if same && x.Disposed == nil {
			all = append(all, x.Item())
		}
	}
	return all, nil
}

// Replay erases again, on a restored record, what letters of this office say
// was erased after the backup was made. It needs no second approval: two people
// decided, and the letter says who. What is erased already, what is not in this
// backup, and what another item has the number of now stays as it is. Each
// erasure is an event that carries the letter.
func (d *Desk) Replay(ctx context.Context, c Caller, at time.Time, letters []string) ([]Erased, error) {
	err := d.read(ctx, c, at, jurat.RestoreExpunged, "", func(*register.Tx, hand) error { return nil })
	if err != nil {
		return nil, err
	}
	all, err := d.ReadLetters(letters)
	if err != nil {
		return nil, err
	}
	var done []Erased
	for i, e := range all {
		one, err := d.replay(ctx, c, at, e, letters[i])
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, nil
}

func (d *Desk) replay(ctx context.Context, c Caller, at time.Time, e format.Erasure, letter string) (Erased, error) {
	var out Erased
	var litter []vault.BlobID
	err := d.write(ctx, at, func(tx *register.Tx) error {
		litter, out = litter[:0], Erased{Incident: e.Incident(), Again: []jurat.ItemID{}, Before: []jurat.ItemID{}}
		items, err := remaining(tx, e)
		if err != nil {
			return err
		}
		if e.Expunge != nil {
			out.What = string(e.Expunge.ID)
			if len(items) == 0 {
				out.Before = append(out.Before, jurat.ItemID(out.Incident))
				return nil
			}
			out.Again = append(out.Again, jurat.ItemID(out.Incident))
			litter, err = d.expungeAgain(tx, c, jurat.At(at), *e.Expunge, letter)
			return err
		}
		out.What = string(e.Dispose.ID)
		for _, y := range e.Dispose.Items {
			item := jurat.Item{Noun: jurat.NounExhibit, ID: y.Item}
			if !slices.Contains(items, item) {
				out.Before = append(out.Before, y.Item)
				continue
			}
			out.Again = append(out.Again, y.Item)
			blobs, err := d.disposeAgain(tx, c, jurat.At(at), *e.Dispose, item, letter)
			if err != nil {
				return err
			}
			litter = append(litter, blobs...)
		}
		return nil
	})
	if err != nil || len(out.Again) == 0 {
		return out, err
	}
	return out, d.scrub(ctx, litter)
}

func (d *Desk) disposeAgain(tx *register.Tx, c Caller, at time.Time, by jurat.Disposal, item jurat.Item, letter string) (litter []vault.BlobID, err error) {
	_, err = d.perform(tx, c, at, errand{act: jurat.RestoreDisposed, incident: by.Incident, do: func(tx *register.Tx, _ hand) (jurat.Event, error) {
		x, err := load[jurat.Exhibit](tx, item)
		if err != nil {
			return jurat.Event{}, err
		}
		_, ev, err := x.DisposeAgain(by, letter)
		if err != nil {
			return ev, err
		}
		litter, err = eraseExhibit(tx, x.ID)
		return ev, err
	}})
	return litter, err
}

func (d *Desk) expungeAgain(tx *register.Tx, c Caller, at time.Time, w jurat.Writ, letter string) (litter []vault.BlobID, err error) {
	_, err = d.perform(tx, c, at, errand{act: jurat.RestoreExpunged, do: func(tx *register.Tx, _ hand) (jurat.Event, error) {
		events, blobs, _, err := expunging(tx, w.Incident)
		if err != nil {
			return jurat.Event{}, err
		}
		litter = blobs
		if w.ID, err = tx.NextName(jurat.NounWrit); err != nil {
			return jurat.Event{}, err
		}
		if err := tx.EraseClaims(events); err != nil {
			return jurat.Event{}, err
		}
		return w.ExpungeAgain(int64(len(events)), letter), d.dropDrafts(tx, w.Incident, true)
	}})
	return litter, err
}
