package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// ApproveWrit is the first of two approvals of what a court ordered of an
// incident. Signed. It changes nothing yet. NotFound: no such incident, or none
// that is not expunged.
func (d *Desk) ApproveWrit(ctx context.Context, c Caller, at time.Time, r jurat.Writ) (jurat.Writ, Done, error) {
	return newItem(ctx, d, c, at, jurat.WritApproved, register.House, jurat.NounWrit, func(tx *register.Tx, h hand, id jurat.ItemID) (jurat.Writ, jurat.Event, error) {
		if err := h.house.there(tx, r.Incident); err != nil {
			return jurat.Writ{}, jurat.Event{}, err
		}
		r.ID = id
		return jurat.ApproveWrit(r, h.Hand, jurat.At(at))
	})
}

// there refuses an incident that is not there any more, or never was.
func (s *standing) there(tx *register.Tx, in jurat.IncidentNumber) error {
	_, err := tx.Head(in)
	if in == register.House || s.restricted[in].Expunged {
		err = jurat.NotFound
	}
	return absent(err, "there is no incident %q", in)
}

// CarryOutWrit is the second approval, which puts a writ in force. Signed.
// A seal and its lifting take effect with the next question anybody asks. An
// expungement erases, in the same transaction, everything that opens any event
// of the incident: what was said, by whom, when, and how many there were of
// what; leaves stay, and prove that something was recorded. No dossier of it
// can be built afterwards. A hold on anything in it is Conflict.
func (d *Desk) CarryOutWrit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Writ, Done, error) {
	var out jurat.Writ
	var done Done
	var litter []vault.BlobID
	if _, err := jurat.ParseItemID(jurat.NounWrit, string(id)); err != nil {
		return out, done, err
	}
	err := d.write(ctx, at, func(tx *register.Tx) error {
		litter = litter[:0]
		var err error
		done, err = d.perform(tx, c, jurat.At(at), errand{act: jurat.WritApproved, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
			r, err := load[jurat.Writ](tx, jurat.Item{Noun: jurat.NounWrit, ID: id})
			if err != nil {
				return jurat.Event{}, err
			}
			if r.OneOperator, err = d.oneOperator(tx, r.Item(), jurat.WritApproved, h); err != nil {
				return jurat.Event{}, err
			}
			if err := h.house.there(tx, r.Incident); err != nil {
				return jurat.Event{}, err
			}
			var events []jurat.EventID
			var against []jurat.Reason
			if r.Kind == jurat.WritExpunge {
				if events, litter, against, err = expunging(tx, r.Incident); err != nil {
					return jurat.Event{}, err
				}
			}
			var ev jurat.Event
			out, ev, err = r.Approve(int64(len(events)), against, h.Hand, jurat.At(at))
			if err != nil {
				return ev, err
			}
			if err := tx.EraseClaims(events); err != nil {
				return ev, err
			}
			if len(events) > 0 {
				parts, err := dropUploads(tx, r.Incident)
				if err != nil {
					return ev, err
				}
				litter = append(litter, parts...)
			}
			return ev, d.dropDrafts(tx, r.Incident, len(events) > 0)
		}})
		return err
	})
	if err != nil {
		return jurat.Writ{}, Done{}, err
	}
	if out.Kind != jurat.WritExpunge {
		return out, done, nil
	}
	return out, done, errors.Join(d.scrub(ctx, litter), d.keepLetters(ctx))
}

// expunging holds an incident's chain and gives its events, its blobs, and the
// holds that stand in the way.
func expunging(tx *register.Tx, in jurat.IncidentNumber) (events []jurat.EventID, litter []vault.BlobID, against []jurat.Reason, err error) {
	if _, err := tx.Lock(in); err != nil {
		return nil, nil, nil, err
	}
	var holds []Shown[jurat.Hold]
	if err := shown(tx, in, jurat.NounHold, &holds); err != nil {
		return nil, nil, nil, err
	}
	if err := holdsOver(tx, in, &holds); err != nil {
		return nil, nil, nil, err
	}
	for _, h := range holds {
		if h.Value.Holds(jurat.ItemID(in)) {
			against = append(against, jurat.Reason{Item: h.Value.Item(), Say: "a hold is in force for " + h.Value.Matter + "; counsel releases it first"})
		}
	}
	err = tx.EachEvent(in, func(e register.EventRow) error {
		events = append(events, e.ID)
		return nil
	})
	if err != nil {
		return nil, nil, nil, err
	}
	if litter, err = dropParcels(tx, in, nil); err != nil {
		return nil, nil, nil, err
	}
	exhibits, err := tx.Items(in, jurat.NounExhibit)
	for _, row := range exhibits {
		b, missing := tx.Blob(row.Item.ID)
		switch {
		case missing == nil:
			litter = append(litter, vault.BlobID(b.ID))
		case !errors.Is(missing, jurat.NotFound):
			err = errors.Join(err, missing)
		}
	}
	return events, litter, against, err
}

// dropDrafts erases what people typed about an incident beside the record: the
// drafts that became a report of it or are to be added to it, the edit lists of
// its exhibits, and whatever anybody is looking for: those words may be its own.
func (d *Desk) dropDrafts(tx *register.Tx, in jurat.IncidentNumber, erases bool) error {
	if !erases {
		return nil
	}
	people, err := tx.House(jurat.NounPerson)
	if err != nil {
		return err
	}
	for _, person := range people {
		rows, err := tx.Drafts(jurat.PersonID(person.Item.ID))
		if err != nil {
			return err
		}
		for _, row := range rows {
			if !ofSearch(row) {
				about, err := d.draftOf(row)
				if err != nil {
					return err
				}
				if about != in {
					continue
				}
			}
			if err := tx.DropDraft(row.Person, row.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// draftOf is the incident a draft is of; "": of none yet.
func (d *Desk) draftOf(row register.DraftRow) (jurat.IncidentNumber, error) {
	if ofEdits(row) {
		return jurat.ItemID(strings.TrimPrefix(row.ID, editsBefore)).Incident(), nil
	}
	draft, err := d.openDraft(row)
	if err != nil {
		return "", err
	}
	if draft.Filed != nil {
		return draft.Filed.Incident, nil
	}
	return draft.joins(), nil
}

// WithdrawWrit takes back a writ that waits for its second approval.
func (d *Desk) WithdrawWrit(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Writ, Done, error) {
	return onItem(ctx, d, c, at, jurat.WritWithdrawn, jurat.NounWrit, id, func(_ *register.Tx, h hand, r jurat.Writ) (jurat.Writ, jurat.Event, error) {
		return r.Withdraw(reason, h.Hand, jurat.At(at))
	})
}

// Writs lists what courts ordered, the oldest first. The list is journalled.
func (d *Desk) Writs(ctx context.Context, c Caller, at time.Time) ([]jurat.Writ, error) {
	var all []jurat.Writ
	var asked entry
	err := d.read(ctx, c, at, actionWrits, "", func(tx *register.Tx, h hand) (err error) {
		asked = question{who: h, action: actionWrits}.entry(string(actionWrits))
		all, err = loadAll[jurat.Writ](tx, register.House, jurat.NounWrit)
		return err
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	return all, nil
}

// hides reports whether a court's order hides an incident from somebody.
func (s *standing) hides(h hand, in jurat.IncidentNumber) bool {
	r, ok := s.restricted[in]
	return ok && (r.Expunged || r.Sealed && !slices.Contains(r.OpenTo, h.Role))
}

// hidden are the incidents a court's order hides from somebody: a list leaves
// them out where it is read.
func (s *standing) hidden(h hand) register.Hidden {
	var all register.Hidden
	for in := range s.restricted {
		if s.hides(h, in) {
			all = append(all, in)
		}
	}
	slices.Sort(all)
	return all
}
