package desk

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// A TableFile is a table that another system wrote. Times in it without an
// offset are in Zone; "" is the time zone of the first adopted order.
type TableFile struct {
	Kind numbers.Kind
	Text io.Reader
	Zone string
}

// CompareTable reads a table and keeps nothing of it: what is accepted, and what
// is refused, with row, column and reason. It is for whoever may ask across
// incidents. Refusals of the file as a whole are those of [numbers.ReadTable].
func (d *Desk) CompareTable(ctx context.Context, c Caller, at time.Time, file TableFile) (*numbers.Import, error) {
	var zone *time.Location
	err := d.read(ctx, c, at, actionIncidents, "", func(_ *register.Tx, h hand) (err error) {
		zone, err = zoneOf(h, file.Zone)
		return err
	})
	if err != nil {
		return nil, err
	}
	return numbers.ReadTable(file.Kind, file.Text, zone, nil)
}

// ReadTable is [Desk.CompareTable] with the rows that are on record already
// taken out of those accepted.
func (d *Desk) ReadTable(ctx context.Context, c Caller, at time.Time, file TableFile) (*numbers.Import, error) {
	im, err := d.CompareTable(ctx, c, at, file)
	if err != nil {
		return nil, err
	}
	return im, d.register.Read(ctx, func(tx *register.Tx) error {
		if err := d.tables.read(tx); err != nil {
			return err
		}
		im.Twice(d.tables.has)
		return nil
	})
}

// Import takes in the rows of a table that are accepted and not on record yet,
// all of them in one act: nothing is half imported, and reading a file twice
// imports it once. Done is zero where no row is new. Refusals of the file as a
// whole are those of [numbers.ReadTable], and of [jurat.AddImport].
func (d *Desk) Import(ctx context.Context, c Caller, at time.Time, file TableFile) (*numbers.Import, Done, error) {
	var im *numbers.Import
	var zone *time.Location
	// Who may not is refused before the file is read.
	err := d.read(ctx, c, at, jurat.ImportAdded, "", func(_ *register.Tx, h hand) (err error) {
		zone, err = zoneOf(h, file.Zone)
		return err
	})
	if err != nil {
		return nil, Done{}, err
	}
	whole, err := numbers.ReadTable(file.Kind, file.Text, zone, nil)
	if err != nil {
		return nil, Done{}, err
	}
	done, err := d.house(ctx, c, at, jurat.ImportAdded, func(tx *register.Tx, h hand) (jurat.Event, error) {
		if err := d.tables.read(tx); err != nil {
			return jurat.Event{}, err
		}
		again := *whole // the transaction may run more than once
		again.Accepted, again.Repeated = slices.Clone(whole.Accepted), slices.Clone(whole.Repeated)
		im = &again
		if im.Twice(d.tables.has); len(im.Accepted) == 0 {
			return jurat.Event{}, nil
		}
		rows, err := json.Marshal(im.Accepted)
		if err != nil {
			return jurat.Event{}, err
		}
		id, err := tx.NextName(jurat.NounImport)
		if err != nil {
			return jurat.Event{}, err
		}
		_, ev, err := jurat.AddImport(jurat.Import{
			ID: id, Kind: string(im.Kind), File: im.Digest, Zone: im.Zone, Rows: rows,
			Accepted: len(im.Accepted), Repeated: len(im.Repeated), Refused: len(im.Refused), Dropped: im.Dropped,
		}, h.Hand, jurat.At(at))
		return ev, err
	})
	return im, done, err
}

func zoneOf(h hand, name string) (*time.Location, error) {
	if orders := h.house.orders.orders; name == "" {
		if len(orders) == 0 {
			return nil, jurat.Errorf(jurat.Invalid, "no order is adopted whose time zone the table's times could be read in; say which with --zone, for example America/Chicago")
		}
		return orders[0].Zone, nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, jurat.Errorf(jurat.Invalid, "time zone %q: want a name such as America/Chicago", name)
	}
	return zone, nil
}

// Imports lists the tables on record, without their rows, oldest first.
func (d *Desk) Imports(ctx context.Context, c Caller, at time.Time) ([]jurat.Import, error) {
	var all []jurat.Import
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		all = []jurat.Import{}
		for n := 1; ; n++ {
			i, _, err := readImport(tx, importID(n))
			switch {
			case errors.Is(err, errErased):
				continue
			case errors.Is(err, jurat.NotFound):
				return nil
			case err != nil:
				return err
			}
			i.Rows = nil
			all = append(all, i)
		}
	})
	return all, err
}

// A Dispatched is one row of an imported dispatch table, with where it stands:
// what a form is prefilled from, marked "from dispatch" (INC-1).
type Dispatched struct {
	Import jurat.ItemID `json:"import"`
	numbers.TableRow
}

// Dispatch finds what the imported dispatch tables say under an event number,
// the newest import first. NotFound: no table on record has it, which says
// nothing about the event.
func (d *Desk) Dispatch(ctx context.Context, c Caller, at time.Time, event string) ([]Dispatched, error) {
	var found []Dispatched
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		var err error
		if found, err = d.dispatched(tx, event); err == nil && len(found) == 0 {
			err = jurat.Errorf(jurat.NotFound, "no dispatch table on record has the event number %q yet", event)
		}
		return err
	})
	return found, err
}

// dispatched is what the dispatch tables on record have of an event.
func (d *Desk) dispatched(tx *register.Tx, event string) ([]Dispatched, error) {
	if err := d.tables.read(tx); err != nil {
		return nil, err
	}
	var found []Dispatched
	for _, id := range d.tables.withEvent(event) {
		rows, err := rowsOf(tx, id)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.Texts["event_number"] == event {
				found = append(found, Dispatched{id, r})
			}
		}
	}
	return found, nil
}

// Holdings compares the detention tables on record with a limit (PDX-6): what
// another body's data say, which nobody checked.
func (d *Desk) Holdings(ctx context.Context, c Caller, at time.Time, limit time.Duration) ([]numbers.Holding, error) {
	var out []numbers.Holding
	err := d.survey(ctx, c, at, func(tx *register.Tx, h hand) error {
		im, err := d.imported(tx, numbers.Detention, time.Time{})
		if err == nil {
			out, err = numbers.Holdings(im, limit)
		}
		return err
	})
	return out, err
}

// imported is every row on record of a kind, as one table: of those with a
// beginning, the ones that begin at since or later.
func (d *Desk) imported(tx *register.Tx, kind numbers.Kind, since time.Time) (*numbers.Import, error) {
	im := &numbers.Import{Kind: kind, Accepted: []numbers.TableRow{}}
	if err := d.tables.read(tx); err != nil {
		return nil, err
	}
	for _, id := range d.tables.ofKind(kind, since) {
		rows, err := rowsOf(tx, id)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if !beginning(r).Before(since) {
				im.Accepted = append(im.Accepted, r)
			}
		}
	}
	return im, nil
}
