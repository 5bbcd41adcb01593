package desk

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Sought is what somebody looks for: words of open fields, and what the
// incidents found are narrowed to. There is nothing in it by which a person
// could be looked for.
type Sought struct {
	Words string              `json:"words,omitempty"`
	Order string              `json:"order,omitempty"` // its id: opened since this office adopted it, and before the end that it states
	State jurat.IncidentState `json:"state,omitempty"`
	From  time.Time           `json:"from,omitzero"`  // opened from here on
	Until time.Time           `json:"until,omitzero"` // opened before
}

// narrows reports whether anything but words is asked for.
func (s Sought) narrows() bool {
	return s.Order != "" || s.State != "" || !s.From.IsZero() || !s.Until.IsZero()
}

// narrow is what the register is asked to leave out. Invalid: no order of that
// id was adopted here, or the state is none.
func (s Sought) narrow(tx *register.Tx, now *inForce) (register.Narrow, error) {
	n := register.Narrow{State: s.State}
	if s.State != "" && s.State != jurat.IncidentIsOpen && s.State != jurat.IncidentIsClosed {
		return n, jurat.Errorf(jurat.Invalid, "an incident is open or closed; %q is neither", s.State)
	}
	n.Opened = append(n.Opened, register.Between{From: s.From, Until: s.Until})
	if s.Order == "" {
		return n, nil
	}
	rows, err := tx.EventsOf(jurat.Item{Noun: jurat.NounOrder, ID: jurat.ItemID(s.Order)})
	if err != nil {
		return n, err
	}
	if len(rows) == 0 {
		return n, jurat.Errorf(jurat.Invalid, "no order %q was adopted here", s.Order)
	}
	under := register.Between{From: rows[0].At}
	for _, o := range now.orders {
		if to := o.Effective.To; o.ID == s.Order && to.Stated() {
			if under.Until = to.At; to.Date {
				under.Until = to.At.AddDate(0, 0, 1) // its last day, and all of it
			}
		}
	}
	n.Opened = append(n.Opened, under)
	return n, nil
}

// Search finds incidents by words of their open fields, or, where it is
// narrowed, by that alone; newest first, at most limit of them after a number.
// Like every list it is journalled. Invalid: nothing is asked for.
func (d *Desk) Search(ctx context.Context, c Caller, at time.Time, s Sought, after jurat.IncidentNumber, limit int) ([]Line, error) {
	return d.lines(ctx, c, at, actionSearch, kindSearch, func(tx *register.Tx, h hand) ([]register.IncidentRow, error) {
		return s.find(tx, h, after, limit)
	})
}

// find gives what is found beside what a court's order hides.
func (s Sought) find(tx *register.Tx, h hand, after jurat.IncidentNumber, limit int) ([]register.IncidentRow, error) {
	n, err := s.narrow(tx, h.house.orders)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(s.Words) == "" && s.narrows() {
		return tx.NarrowedIncidents(h.house.hidden(h), n, after, limit)
	}
	return tx.Search(h.house.hidden(h), n, s.Words, after, limit)
}

// What somebody looks for is kept among their drafts: no event, nobody else's to
// read, and sealed. searchBefore begins the names of such drafts.
const (
	searchBefore = "search "
	searchKept   = 12 * time.Hour
	mostSearches = 50
)

func ofSearch(row register.DraftRow) bool { return strings.HasPrefix(row.ID, searchBefore) }

// numberOf is the number a search was kept under; 0: it is none.
func numberOf(row register.DraftRow) int {
	n, err := strconv.Atoi(strings.TrimPrefix(row.ID, searchBefore))
	if err != nil || !ofSearch(row) {
		return 0
	}
	return n
}

// KeepSearch keeps what the caller looks for, for twelve hours, and gives its
// number among theirs, so that no word of it stands in an address. It looks for
// nothing yet. Of more than fifty the oldest go. Invalid: as [Desk.Search].
func (d *Desk) KeepSearch(ctx context.Context, c Caller, at time.Time, s Sought) (int, error) {
	number := 0
	err := d.ownSearch(ctx, c, at, func(tx *register.Tx, h hand) error {
		if _, err := s.find(tx, h, "", 0); err != nil {
			return err
		}
		rows, err := tx.Drafts(h.Person)
		if err != nil {
			return err
		}
		number = 1
		for _, row := range rows {
			number = max(number, numberOf(row)+1)
		}
		for _, row := range rows {
			if ofSearch(row) && (over(row, at) || number-numberOf(row) >= mostSearches) {
				if err := tx.DropDraft(h.Person, row.ID); err != nil {
					return err
				}
			}
		}
		text, err := json.Marshal(s)
		if err != nil {
			return err
		}
		id := searchBefore + strconv.Itoa(number)
		key, body, err := d.sealNote(text, draftBinding(h.Person, id))
		if err != nil {
			return err
		}
		return tx.PutDraft(register.DraftRow{Person: h.Person, ID: id, Saved: jurat.At(at), Key: key, Body: body})
	})
	return number, err
}

// over reports whether a search was kept for its twelve hours.
func over(row register.DraftRow, at time.Time) bool { return !at.Before(row.Saved.Add(searchKept)) }

// KeptSearch gives what the caller kept under a number. NotFound: they kept
// nothing there, or it is over.
func (d *Desk) KeptSearch(ctx context.Context, c Caller, at time.Time, number int) (Sought, error) {
	var s Sought
	err := d.ownSearch(ctx, c, at, func(tx *register.Tx, h hand) error {
		s = Sought{}
		row, err := tx.Draft(h.Person, searchBefore+strconv.Itoa(number))
		if err == nil && over(row, at) {
			err = jurat.Errorf(jurat.NotFound, "this search is over")
		}
		if err != nil {
			return err
		}
		text, err := d.openNote(row.Key, row.Body, draftBinding(row.Person, row.ID), "this search")
		if err != nil {
			return err
		}
		return json.Unmarshal(text, &s)
	})
	return s, err
}

// ownSearch runs fn for a person who may search.
func (d *Desk) ownSearch(ctx context.Context, c Caller, at time.Time, fn func(*register.Tx, hand) error) error {
	return d.write(ctx, at, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, actionSearch, ""); err != nil {
			return err
		}
		if h.Person == "" {
			return jurat.Errorf(jurat.Forbidden, "a search is kept for a person: name the person with --as")
		}
		return fn(tx, h)
	})
}
