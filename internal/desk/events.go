package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
	"jurat/internal/register"
)

// A Said is one event as the register can open it: what it says, never what
// its sealed parts hold.
type Said struct {
	ID       jurat.EventID        `json:"event"`
	At       time.Time            `json:"at"`
	Act      jurat.Act            `json:"act"`
	Actor    jurat.Actor          `json:"actor"`
	Incident jurat.IncidentNumber `json:"incident,omitempty"`
	Seq      *int64               `json:"incident_seq,omitempty"`
	Item     jurat.Item           `json:"item"`
	Note     string               `json:"note,omitempty"`
	Answer   string               `json:"answer,omitempty"` // of a check: intact, altered, could not tell
	Signed   bool                 `json:"signed"`           // by the actor's own key
	Sealed   []jurat.Class        `json:"sealed,omitempty"` // the sealed parts it has
	Disposed bool                 `json:"disposed,omitempty"`
}

// Events lists an incident's events in the order of its chain; for the zero
// number, the house's, without the notes on what is kept from the caller: by a
// wall, or because it speaks of an incident that is not theirs to open; and without
// the acts on a prosecutor's own work ([jurat.Wall.WorkProduct]).
// Listing them is opening the incident.
func (d *Desk) Events(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) ([]Said, error) {
	var all []Said
	read := func(tx *register.Tx, h hand) error {
		all = all[:0]
		return tx.EachEvent(in, func(row register.EventRow) error {
			if unseen, err := d.unseen(tx, h, row); err != nil || unseen {
				return err
			}
			one, err := said(row)
			if err != nil {
				return err
			}
			if in == register.House && one.Note != "" {
				withheld, err := d.withholds(tx, h, row.Item)
				if err != nil {
					return err
				}
				if withheld {
					one.Note = ""
				}
			}
			all = append(all, one)
			return nil
		})
	}
	var err error
	if in == "" {
		err = d.read(ctx, c, at, actionList, "", read)
	} else {
		err = d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, read)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// custodial are the nouns of what has an exhibit's own number: it, and what was done
// with it.
var custodial = []jurat.Noun{jurat.NounExhibit, jurat.NounLook, jurat.NounCheck, jurat.NounProbe}

// Custody lists what was done with an exhibit, in the order of its incident's chain:
// how it came, who opened it, what was asked of it and answered (REF-3). Listing it
// is opening the incident.
func (d *Desk) Custody(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) ([]Said, error) {
	if _, err := jurat.ParseItemID(jurat.NounExhibit, string(id)); err != nil {
		return nil, err
	}
	var all []Said
	err := d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(id.Incident())}, func(tx *register.Tx, _ hand) error {
		all = all[:0]
		for _, noun := range custodial {
			rows, err := tx.EventsOf(jurat.Item{Noun: noun, ID: id})
			if err != nil {
				return err
			}
			for _, row := range rows {
				one, err := said(row)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b Said) int { return cmp.Compare(*a.Seq, *b.Seq) })
	return all, nil
}

func said(row register.EventRow) (Said, error) {
	st, err := statement(row)
	if err != nil {
		return Said{}, err
	}
	open, err := openOf(st)
	if err != nil {
		return Said{}, err
	}
	s := Said{ID: row.ID, At: st.At, Act: st.Act, Actor: st.Actor, Incident: st.Incident, Item: row.Item, Note: open.Note, Signed: st.Proof != nil, Disposed: row.Open == ""}
	if st.Incident != "" {
		s.Seq = &st.Seq
	}
	if row.Item.Noun == jurat.NounCheck && row.Open != "" {
		var check jurat.Check
		if err := json.Unmarshal(open.Value, &check); err != nil {
			return Said{}, err
		}
		s.Answer = check.Answer
	}
	for _, part := range row.Sealed {
		s.Sealed = append(s.Sealed, part.Class)
	}
	return s, nil
}

// Disclose makes an SD-JWT (RFC 9901) of one event: the leaf under the
// office's signature, with the disclosures of the claims named, and the open
// part when payload is among them. The proof ties the leaf to the ledger.
// Disclosing an event of an incident is opening the incident. NotFound: there
// is no such event, or none the caller may open.
func (d *Desk) Disclose(ctx context.Context, c Caller, at time.Time, id jurat.EventID, claims []format.Claim) (presentation string, proof []byte, err error) {
	return d.disclose(ctx, c, at, id, func(format.Statement) []format.Claim { return claims })
}

// DiscloseOpen is [Desk.Disclose] of every claim the event has, with its open
// part. What is sealed, and what was erased, is in none of them.
func (d *Desk) DiscloseOpen(ctx context.Context, c Caller, at time.Time, id jurat.EventID) (presentation string, proof []byte, err error) {
	return d.disclose(ctx, c, at, id, func(st format.Statement) []format.Claim {
		return slices.DeleteFunc(slices.Clone(format.Claims[:]), func(one format.Claim) bool {
			_, has := st.Claims[one]
			return !has
		})
	})
}

func (d *Desk) disclose(ctx context.Context, c Caller, at time.Time, id jurat.EventID, which func(format.Statement) []format.Claim) (presentation string, proof []byte, err error) {
	row, err := d.eventFor(ctx, c, at, id)
	if err != nil {
		return "", nil, err
	}
	st, err := statement(row)
	if err != nil {
		return "", nil, err
	}
	claims := which(st)
	var ds []format.Disclosure
	for i, claim := range claims {
		if slices.Contains(claims[:i], claim) {
			continue
		}
		one, ok := st.Claims[claim]
		if !ok {
			return "", nil, jurat.Errorf(jurat.Invalid, "event %s has no claim %q to disclose", id, claim)
		}
		ds = append(ds, one)
		if claim == format.ClaimPayload && row.Open != "" {
			ds = append(ds, row.Open)
		}
	}
	inclusion, err := d.ledger.Prove(ctx, id)
	if err != nil {
		return "", nil, err
	}
	return format.Present(format.SignJWS(d.office, format.TypEvent, row.Leaf), ds), inclusion.Marshal(), nil
}

// eventFor is an event for somebody who may open its incident, or list the
// house. Whoever may not is told what is told of an event that is not there.
func (d *Desk) eventFor(ctx context.Context, c Caller, at time.Time, id jurat.EventID) (register.EventRow, error) {
	var row register.EventRow
	err := d.register.Read(ctx, func(tx *register.Tx) (err error) { row, err = tx.Event(id); return err })
	absent := errors.Is(err, jurat.NotFound)
	if err != nil && !absent {
		return row, err
	}
	heard := func(tx *register.Tx, h hand) error { return d.hearItem(tx, h, row.Item) }
	if row.Incident == "" {
		err = d.read(ctx, c, at, actionList, "", func(tx *register.Tx, h hand) error {
			about, err := recordOf(tx, register.House, row.Item)
			if err != nil {
				return err
			}
			if about != nil {
				return d.behind(h, actionList, *about)
			}
			withheld, err := d.withholds(tx, h, row.Item)
			if err == nil && withheld {
				err = refuse(question{who: h, action: actionList}, "withheld", jurat.Errorf(jurat.NotFound, "there is no event %s", id))
			}
			return err
		})
	} else {
		err = d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(row.Incident)}, heard)
	}
	if absent || errors.Is(err, jurat.NotFound) || errors.Is(err, jurat.Forbidden) {
		return register.EventRow{}, jurat.Errorf(jurat.NotFound, "there is no event %s that you may open", id)
	}
	return row, err
}

// ContinueLedger ends a log whose leaves are lost and begins a new origin,
// whose first leaf commits to the last known checkpoint of the old one and
// declares the gap (§6).
func (d *Desk) ContinueLedger(ctx context.Context, c Caller, at time.Time, lastKnown []byte, next ledger.Key) (*ledger.Ledger, ledger.Gap, error) {
	// Who may not is not told where the ledger stands.
	if err := d.read(ctx, c, at, jurat.LedgerContinued, "", func(*register.Tx, hand) error { return nil }); err != nil {
		return nil, ledger.Gap{}, err
	}
	gap, err := d.ledger.Gap(ctx, lastKnown, next)
	if err != nil {
		return nil, gap, err
	}
	raw, err := json.Marshal(gap)
	if err != nil {
		return nil, gap, err
	}
	done, err := d.house(ctx, c, at, jurat.LedgerContinued, func(*register.Tx, hand) (jurat.Event, error) {
		return jurat.ContinueLedger(raw), nil
	})
	if err != nil {
		return nil, gap, err
	}
	l, err := d.ledger.Continue(ctx, lastKnown, next, done.Event)
	return l, gap, err
}

// Tend asks whether somebody may look after the ledger: publish it, prove from
// it, copy it, take in what witnesses signed. Whoever may list the house may.
func (d *Desk) Tend(ctx context.Context, c Caller, at time.Time) error {
	return d.read(ctx, c, at, actionList, "", func(*register.Tx, hand) error { return nil })
}
