package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
	"jurat/internal/login"
	"jurat/internal/register"
)

// A record of a million incidents is made here, below the desk: the law opens
// each incident, its leaf and disclosures are made as the desk makes them, and
// the register appends them to their chains by the thousand. What is saved is
// the question whether the officer may, and a flush to the disk for each. fsck
// finds such a record in order.

const (
	sealedOnes = 50   // incidents a court sealed, so that the filter has something to do
	sheaf      = 1000 // incidents in one transaction
)

func (s setup) searchDir(n int) string {
	return filepath.Join(s.dir, fmt.Sprintf("searched-%d", n))
}

// searchable makes a record of so many incidents once.
func (s setup) searchable(ctx context.Context, n int) (dir string, err error) {
	dir = s.searchDir(n)
	if _, err := os.Stat(filepath.Join(dir, "made")); err == nil {
		return dir, nil
	}
	r, err := s.newRecordIn(ctx, dir, 0)
	if err != nil {
		return "", err
	}
	start, used := time.Now(), processor()
	if err := r.fill(ctx, n); err != nil {
		return "", err
	}
	if err := r.sealSome(ctx, n); err != nil {
		return "", err
	}
	line(fmt.Sprintf("made the record of %d incidents", n), "in %.0f s, %.0f s of processor time, not counted below", time.Since(start).Seconds(), processor()-used)
	return dir, errors.Join(r.ledger.Close(), r.register.Close(), os.WriteFile(filepath.Join(dir, "made"), nil, 0o644))
}

// fill opens n incidents.
func (r *benchRecord) fill(ctx context.Context, n int) error {
	orders, err := r.Orders(ctx)
	if err != nil {
		return err
	}
	var versions []jurat.OrderVersion
	for _, o := range orders {
		versions = append(versions, jurat.OrderVersion{ID: o.ID, Digest: o.Digest})
	}
	type made struct {
		rows []register.EventRow
		err  error
	}
	sheaves := make(chan chan made, 4)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		defer close(sheaves)
		for from := 0; from < n; from += sheaf {
			out := make(chan made, 1)
			select {
			case sheaves <- out:
			case <-ctx.Done():
				return
			}
			go func() {
				rows, err := opened(from, min(from+sheaf, n), versions)
				out <- made{rows, err}
			}()
		}
	}()
	for out := range sheaves {
		m := <-out
		if m.err != nil {
			return m.err
		}
		err := r.register.Write(ctx, func(tx *register.Tx) error {
			for _, row := range m.rows {
				if in, err := tx.NextIncident(began.Year()); err != nil || in != row.Incident {
					return errors.Join(err, fmt.Errorf("incident %s is numbered %s", row.Incident, in))
				}
				if err := tx.Append(row); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

// opened makes the first event of each of the incidents from..to.
func opened(from, to int, versions []jurat.OrderVersion) ([]register.EventRow, error) {
	salts := bufio.NewReaderSize(rand.Reader, 1<<16)
	hand := jurat.Hand{Actor: jurat.Actor{Person: "officer-1", Office: "police", Role: jurat.RoleOfficer, Via: jurat.ViaOperator}, Sworn: true, Function: jurat.FunctionPolice}
	rows := make([]register.EventRow, 0, to-from)
	for i := from; i < to; i++ {
		at := jurat.At(openedAt(i))
		o := opening(i)
		in, ev, err := jurat.OpenIncident(jurat.NewIncidentNumber(began.Year(), i+1), o, hand, at)
		if err != nil {
			return nil, err
		}
		ev.At, ev.Actor, ev.Orders, ev.ID = at, hand.Actor, versions, eventID(i, at)
		draft, err := format.NewDraft(ev, salts)
		if err != nil {
			return nil, err
		}
		place := format.Place{ID: ev.ID, At: at, Incident: ev.Incident}
		sheet, err := draft.Place(place, "bench.example/jurat", salts)
		if err != nil {
			return nil, err
		}
		rows = append(rows, register.EventRow{
			ID: ev.ID, At: at, Act: ev.Act, Incident: ev.Incident, Item: ev.Item, Person: hand.Person,
			Leaf: sheet.Leaf, Claims: sheet.Claims, Open: sheet.Parts[jurat.ClassOpen],
			Title: in.Title, Search: strings.Join([]string{string(in.Number), o.Title, o.EventNumber, o.Place.Description, o.Place.District}, "\n"),
		})
	}
	return rows, nil
}

// eventID is an id as the desk makes them, ordered by time.
func eventID(i int, at time.Time) jurat.EventID {
	dice := mrand.New(mrand.NewPCG(uint64(i), 1))
	high, low := uint64(at.UnixMilli())<<16|0x7000|dice.Uint64()&0xfff, dice.Uint64()&(1<<62-1)|1<<63
	return jurat.EventID(fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", high>>32, high>>16&0xffff, high&0xffff, low>>48, low&(1<<48-1)))
}

// openedAt is when: one after another, in 330 days.
func openedAt(i int) time.Time { return began.Add(time.Duration(i) * 28 * time.Second) }

// sealSome has a court seal every third of the newest incidents to all but
// counsel.
func (r *benchRecord) sealSome(ctx context.Context, n int) error {
	keys := map[jurat.PersonID]login.Key{}
	for _, p := range []jurat.Person{
		{ID: "detective-1", Label: "Detective 1", Office: "police", Role: jurat.RoleDetective, Sworn: true},
		{ID: "records-1", Label: "Records 1", Office: "police", Role: jurat.RoleRecords},
		{ID: "supervisor-1", Label: "Supervisor 1", Office: "police", Role: jurat.RoleSupervisor, Sworn: true},
	} {
		if _, err := r.AddPerson(ctx, desk.Caller{}, began, p); err != nil {
			return err
		}
		key, err := login.NewKey(p.ID, rand.Reader)
		if err != nil {
			return err
		}
		if _, err := r.AddKey(ctx, desk.Caller{}, began, p.ID, key.Public()); err != nil {
			return err
		}
		keys[p.ID] = key
	}
	as := func(id jurat.PersonID) desk.Caller { return desk.Caller{Person: id, Signer: keys[id]} }
	for i := range sealedOnes {
		number := jurat.NewIncidentNumber(began.Year(), n-3*i)
		w, _, err := r.ApproveWrit(ctx, as("records-1"), yearEnded, jurat.Writ{Kind: jurat.WritSeal, Incident: number, Court: "a court", Number: fmt.Sprint(i), OpenTo: []jurat.Role{jurat.RoleCounsel}})
		if err == nil {
			_, _, err = r.CarryOutWrit(ctx, as("supervisor-1"), yearEnded, w.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// opening is what the i-th incident says: words that are common, and words that
// are as rare as in a language (a Zipf distribution over 20,000).
func opening(i int) jurat.Opening {
	return jurat.Opening{
		Title: titles[i%len(titles)], Trigger: "observed", EventNumber: callNumber(i), FirstKnowledge: openedAt(i), Occurred: jurat.Span{From: openedAt(i), Precision: "approx"},
		Place: jurat.Place{District: fmt.Sprint(1 + i%22), Description: strings.Join(placeWords(i), " "), InsideCity: jurat.Yes},
	}
}

var titles = []string{"Vehicle stop near a school", "Persons detained outside a shop", "Vehicles parked at a court", "Crowd outside a facility", "Chemical agent reported in a street", "Entry to a dwelling reported", "Personnel at a clinic", "Request for assistance"}

func callNumber(i int) string { return fmt.Sprintf("26-%03d-%06d", i%365, i) }

// placeWords are the words of the place of the i-th incident; the same each time.
func placeWords(i int) []string {
	dice := mrand.New(mrand.NewPCG(5, uint64(i)))
	zipf := mrand.NewZipf(dice, 1.1, 4, vocabulary-1)
	all := make([]string, 12)
	for j := range all {
		all[j] = wordOf(zipf.Uint64())
	}
	return all
}

const vocabulary = 20_000

// wordOf is the n-th word of a language nobody speaks.
func wordOf(n uint64) string {
	syllables := [...]string{"ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "we", "xi", "yo", "zu"}
	n = n*7919%160_000 + 160_000 // so that neighbours in frequency do not begin alike
	var b strings.Builder
	for range 4 {
		b.WriteString(syllables[n%20])
		n /= 20
	}
	return b.String()
}
