package desk

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"jurat"
	"jurat/internal/numbers"
	"jurat/internal/register"
	"jurat/order"
)

// A Counting says what is counted. Whatever is counted is counted at a
// checkpoint of the ledger, with the orders that were in force there.
type Counting struct {
	Period numbers.Period

	// Size is that of the checkpoint: one the ledger had. 0: the one that is
	// published now.
	Size int64

	// Earlier is what was published before of the same period or another.
	Earlier *numbers.Publication

	// Cleared are words a person read and found to be no personal data, for a
	// report that would be refused for them.
	Cleared []string
}

// A Counted says of a count what no figure of it shows.
type Counted struct {
	Erased int64 // items that were erased since they were recorded, and are in no figure
}

// Publication counts what the adopted orders publish of a period. Counted again
// at the same size, with the same earlier publication, it is the same to the
// byte, whatever was recorded or adopted since (PUB-1); unless something was
// erased since, which the count says. Whoever may list incidents may count
// them; the asking is journalled. NotFound: the ledger had no checkpoint of the
// size. Other refusals are those of [numbers.Publish].
func (d *Desk) Publication(ctx context.Context, c Caller, at time.Time, k Counting) (*numbers.Publication, Counted, error) {
	var p *numbers.Publication
	counted, err := d.count(ctx, c, at, actionIncidents, publishedNouns, k, func(_ *register.Tx, in numbers.Input) (err error) {
		in.Earlier = k.Earlier
		p, err = numbers.Publish(in)
		return err
	})
	return p, counted, err
}

// Report makes one of the reports an order or a statute asks for
// ([numbers.ReportIDs]). It is for the named people the policy lists: a report
// has rows. What stands under seal anywhere in the record is kept out of it,
// and is compared here and nowhere else (REQ-4). An incident that a court sealed
// is in no row and no figure of it, whoever makes it: a report leaves the office.
// Counted again at the same size it is the same, but for what a court sealed or
// unsealed since. Refusals are those of [numbers.MakeReport], and NotFound
// as of [Desk.Publication].
func (d *Desk) Report(ctx context.Context, c Caller, at time.Time, id string, k Counting) (*numbers.Report, Counted, error) {
	var r *numbers.Report
	counted, err := d.count(ctx, c, at, actionReport, factNouns, k, func(tx *register.Tx, in numbers.Input) error {
		sealed, err := d.underSeal(tx)
		if err != nil {
			return err
		}
		house, err := d.standing(tx)
		if err != nil {
			return err
		}
		in.Facts = house.unsealed(in.Facts)
		r, err = numbers.MakeReport(id, in, numbers.NewScreen(sealed, k.Cleared))
		return err
	})
	return r, counted, err
}

// unsealed are the facts of the incidents no court sealed.
func (s *standing) unsealed(all iter.Seq2[order.Facts, error]) iter.Seq2[order.Facts, error] {
	return func(yield func(order.Facts, error) bool) {
		for f, err := range all {
			if err == nil && s.restricted[f.Incident.Number].Sealed {
				continue
			}
			if !yield(f, err) {
				return
			}
		}
	}
}

// publishedNouns are those a publication counts, or counts something by.
var publishedNouns = []jurat.Noun{jurat.NounIncident, jurat.NounRecord, jurat.NounExhibit, jurat.NounAllegation, jurat.NounReferral, jurat.NounDossier}

// count asks the policy, finds the checkpoint, and hands what is counted there
// to counted.
func (d *Desk) count(ctx context.Context, c Caller, at time.Time, action jurat.Act, nouns []jurat.Noun, k Counting, counted func(*register.Tx, numbers.Input) error) (Counted, error) {
	// Who may not is not told where the ledger stands.
	if err := d.read(ctx, c, at, action, "", func(*register.Tx, hand) error { return nil }); err != nil {
		return Counted{}, err
	}
	in := numbers.Input{Period: k.Period, Made: jurat.At(at)}
	size := k.Size
	if size == 0 {
		published, err := d.ledger.Publish(ctx)
		if err != nil {
			return Counted{}, err
		}
		size = published.Size
	}
	s := &sweep{size: size, nouns: nouns}
	var asked entry
	err := d.read(ctx, c, at, action, "", func(tx *register.Tx, h hand) error {
		asked = question{who: h, action: action}.entry(string(action))
		head, err := tx.TreeHeadOf(size)
		if err != nil {
			return err
		}
		in.Checkpoint = numbers.Checkpoint{Origin: d.ledger.Origin(), Size: head.Size, Root: head.Root.String()}
		if in.AsOf, err = tx.LastAt(size); err != nil {
			return err
		}
		var adopted []jurat.Adoption
		if in.House, adopted, err = s.house(tx); err != nil {
			return err
		}
		for _, a := range adopted {
			o, err := d.parse(a)
			if err != nil {
				return err
			}
			in.Orders = append(in.Orders, o)
		}
		in.Facts = eachIncident(tx, s, func(f order.Facts) order.Facts { return f })
		return counted(tx, in)
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	return Counted{Erased: s.erased.Load()}, err
}

// underSeal is every text that stands in a sealed part of the record.
func (d *Desk) underSeal(tx *register.Tx) ([]string, error) {
	var all []string
	err := tx.EachSealed(func(id jurat.EventID, part register.SealedPart) error {
		body, err := d.unseal(id, part)
		if err != nil {
			return err
		}
		_, value, err := body.Open()
		if err != nil {
			return err
		}
		var tree any
		err = json.Unmarshal(value, &tree)
		eachText(tree, func(s string) {
			if !slices.Contains([]string{string(jurat.Yes), string(jurat.No), string(jurat.Unknown)}, s) { // an answer tells nobody apart
				all = append(all, s)
			}
		})
		return err
	})
	return all, err
}
