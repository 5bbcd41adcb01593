package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
)

// What is published and reported, by the names of its own room, so that who
// works with the desk opens no other.
type (
	Publication = numbers.Publication
	Codebook    = numbers.Codebook
	Report      = numbers.Report
)

// ParsePeriod accepts a year, a quarter or a month ([numbers.ParsePeriod]).
func ParsePeriod(s string) (numbers.Period, error) { return numbers.ParsePeriod(s) }

// ReportIDs lists the reports that can be made, in the order of the handbook.
func ReportIDs() []string { return slices.Clone(numbers.ReportIDs[:]) }

// A Shelved is a publication as it was shown to everybody, with its figures.
type Shelved struct {
	jurat.Published
	Figures *Publication
}

// PublishNumbers counts a period as [Desk.Publication] does, at the checkpoint
// that is published now, and shows it to everybody from then on (PUB-1). It is
// an act, and is never taken back: published again, a period says what changed.
// Conflict, besides what Publication refuses: its months overlap another period
// that was published, so that one could be subtracted from the other.
func (d *Desk) PublishNumbers(ctx context.Context, c Caller, at time.Time, period numbers.Period) (jurat.Published, Done, error) {
	var before []jurat.Published
	// Who may not is refused before anything is counted.
	err := d.read(ctx, c, at, jurat.NumbersPublished, "", func(tx *register.Tx, _ hand) (err error) {
		before, err = publications(tx)
		return err
	})
	if err != nil {
		return jurat.Published{}, Done{}, err
	}
	k := Counting{Period: period}
	if k.Earlier, err = preceding(before, period); err != nil {
		return jurat.Published{}, Done{}, err
	}
	var p *Publication
	_, err = d.count(ctx, c, at, jurat.NumbersPublished, publishedNouns, k, func(_ *register.Tx, in numbers.Input) (err error) {
		in.Earlier = k.Earlier
		p, err = numbers.Publish(in)
		return err
	})
	if err != nil {
		return jurat.Published{}, Done{}, err
	}
	text, err := p.JSON()
	if err != nil {
		return jurat.Published{}, Done{}, err
	}
	var out jurat.Published
	done, err := d.house(ctx, c, at, jurat.NumbersPublished, func(tx *register.Tx, h hand) (jurat.Event, error) {
		now, err := publications(tx)
		if err == nil && len(now) != len(before) {
			err = jurat.Errorf(jurat.Conflict, "other numbers were published in between, which these would have to be counted beside: publish %s again", period)
		}
		if err != nil {
			return jurat.Event{}, err
		}
		id, err := tx.NextName(jurat.NounPublication)
		if err != nil {
			return jurat.Event{}, err
		}
		var ev jurat.Event
		out, ev, err = jurat.PublishNumbers(jurat.Published{ID: id, Period: period.String(), Size: p.Checkpoint.Size, Figures: string(text)}, h.Hand, jurat.At(at))
		return ev, err
	})
	return out, done, err
}

// publications are the publications on record, the oldest first.
func publications(tx *register.Tx) ([]jurat.Published, error) {
	all, err := loadAll[jurat.Published](tx, register.House, jurat.NounPublication)
	slices.SortStableFunc(all, func(a, b jurat.Published) int { return a.At.Compare(b.At) })
	return all, err
}

// preceding is what was published before of a period or, when nothing was, the
// last that was published. Conflict: another that overlaps it.
func preceding(before []jurat.Published, period numbers.Period) (*Publication, error) {
	var last *Publication
	for _, one := range before {
		p, err := readShelved(one)
		if err != nil {
			return nil, err
		}
		if p.Period != period && p.Period.Overlaps(period) {
			return nil, jurat.Errorf(jurat.Conflict, "the figures of %s were published, and a second cut of the same months could be subtracted from the first: publish %s again, or a period apart from it", p.Period, p.Period)
		}
		if last == nil || p.Period == period || last.Period != period {
			last = p
		}
	}
	return last, nil
}

// Shelf is what was shown to everybody: the newest publication of each period,
// the latest period first. Anybody may ask; nobody is told who published.
func (d *Desk) Shelf(ctx context.Context) ([]Shelved, error) {
	var all []Shelved
	err := d.register.Read(ctx, func(tx *register.Tx) error {
		all = nil
		found, err := publications(tx)
		if err != nil {
			return err
		}
		for _, one := range found {
			p, err := d.shelved(one)
			if err != nil {
				return err
			}
			one.By, one.Figures = "", ""
			same := func(s Shelved) bool { return s.Period == one.Period }
			all = append(slices.DeleteFunc(all, same), Shelved{Published: one, Figures: p})
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b Shelved) int { return cmp.Compare(b.Figures.Period.From, a.Figures.Period.From) })
	return all, err
}

// shelved reads the figures of a publication, once: it never changes.
func (d *Desk) shelved(one jurat.Published) (*Publication, error) {
	if p, ok := d.shelf.Load(one.Digest); ok {
		return p.(*Publication), nil
	}
	p, err := readShelved(one)
	if err == nil {
		d.shelf.Store(one.Digest, p)
	}
	return p, err
}

func readShelved(one jurat.Published) (*Publication, error) {
	p, err := numbers.ReadPublication(strings.NewReader(one.Figures))
	if err != nil {
		return nil, jurat.Because(jurat.Altered, err, "the figures of %s cannot be read", one.ID)
	}
	return p, nil
}

// MayReport refuses whoever may make none of the reports an order or a statute
// asks for. The page that offers them asks it first.
func (d *Desk) MayReport(ctx context.Context, c Caller, at time.Time) error {
	return d.read(ctx, c, at, actionReport, "", func(*register.Tx, hand) error { return nil })
}
