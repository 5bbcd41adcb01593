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

// MakeRedaction makes a copy of an exhibit without what the edits hide, reads
// the copy again, and records both: the copy as an exhibit of its own, and the
// redaction with its edits, what was seen and what a person should look at.
// Each reason is one of the adopted orders' exemptions (LAW-4); with no such
// table any reason in words is kept. Invalid: an edit without a reason, of an
// unknown one, or that does not fit. Altered: the original is not what was
// received, and nothing is made of it.
func (d *Desk) MakeRedaction(ctx context.Context, c Caller, now func() time.Time, id jurat.ItemID, l jurat.EditList, progress func(done float64)) (jurat.Redaction, Done, error) {
	if err := l.Check(); err != nil {
		return jurat.Redaction{}, Done{}, err
	}
	x, s, err := d.source(ctx, c, now(), jurat.RedactionMade, id)
	if err != nil {
		return jurat.Redaction{}, Done{}, err
	}
	if err := d.read(ctx, c, now(), jurat.RedactionMade, x.Incident, func(_ *register.Tx, h hand) error {
		return h.house.orders.exempts(l)
	}); err != nil {
		return jurat.Redaction{}, Done{}, err
	}
	made, err := d.media.Redact(ctx, s, l, progress)
	if err != nil {
		return jurat.Redaction{}, Done{}, unread(err)
	}
	defer made.Close()
	var r jurat.Redaction
	var done Done
	err = d.keepCopy(ctx, now(), made.Copy, func(tx *register.Tx, b vault.Blob, at time.Time) error {
		copied, err := d.putCopy(tx, c, at, x, made.Copy, b)
		if err != nil {
			return err
		}
		done, err = d.perform(tx, c, at, errand{act: jurat.RedactionMade, incident: x.Incident, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
			if err := h.house.orders.exempts(l); err != nil {
				return jurat.Event{}, err
			}
			id, err := tx.NextItem(x.Incident, jurat.NounRedaction)
			if err != nil {
				return jurat.Event{}, err
			}
			var ev jurat.Event
			r, ev, err = jurat.MakeRedaction(id, x, copied.Exhibit, l, made.Seen, h.Hand, at)
			return ev, err
		}})
		return err
	})
	return r, done, err
}

// tableExemptions is the table of an order with the reasons for which something
// may be withheld.
const tableExemptions = "exemptions"

// exempts refuses a reason that no adopted order has.
func (f *inForce) exempts(l jurat.EditList) error {
	var known []string
	for _, o := range f.orders {
		if t, ok := o.Table(tableExemptions); ok {
			known = append(known, t.Codes()...)
		}
	}
	for i, e := range l.Edits {
		if len(known) > 0 && !slices.Contains(known, e.Reason) {
			return jurat.Errorf(jurat.Invalid, "edit %d: reason %q is not in an adopted order's table of exemptions: one of %s", i+1, e.Reason, strings.Join(known, ", "))
		}
	}
	return nil
}

// ReviewRedaction is a second person's word that they looked at the whole copy.
// Signed. Conflict: the record has not seen them open it since it was made.
func (d *Desk) ReviewRedaction(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Redaction, Done, error) {
	return d.onRedaction(ctx, c, at, jurat.RedactionReviewed, id, func(tx *register.Tx, h hand, r jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		var err error
		if r.OneOperator, err = d.oneOperator(tx, r.Item(), jurat.RedactionMade, h); err != nil {
			return r, jurat.Event{}, err
		}
		next, ev, err := r.Review(h.Hand, jurat.At(at))
		if err != nil {
			return r, ev, err
		}
		if err := h.mayViewCopy(tx, jurat.RedactionReviewed, r, jurat.At(at)); err != nil {
			return r, ev, err
		}
		_, err = tx.LastAct(jurat.Item{Noun: jurat.NounLook, ID: r.Copy}, jurat.ItemOpened, h.Person)
		if errors.Is(err, jurat.NotFound) {
			err = jurat.Errorf(jurat.Conflict, "%s has not opened the copy %s: look at all of it first", h.Person, r.Copy)
		}
		return next, ev, err
	})
}

// ReturnRedaction sends a copy back, with a reason: it is never released.
func (d *Desk) ReturnRedaction(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, reason string) (jurat.Redaction, Done, error) {
	return d.onRedaction(ctx, c, at, jurat.RedactionReturned, id, func(_ *register.Tx, h hand, r jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		return r.Return(reason, h.Hand, jurat.At(at))
	})
}

// ReleaseRedaction records that a reviewed copy goes to somebody, and gives its
// bytes. Every byte is checked before anything is recorded. Signed. Conflict:
// nobody reviewed it, it was returned, or whoever gave the original did not
// consent to its use in public. Altered: its bytes are not those that
// were reviewed.
func (d *Desk) ReleaseRedaction(ctx context.Context, c Caller, at time.Time, id jurat.ItemID, to string) (jurat.Redaction, *vault.Reader, Done, error) {
	var r jurat.Redaction
	var b register.BlobRow
	if _, err := jurat.ParseItemID(jurat.NounRedaction, string(id)); err != nil {
		return r, nil, Done{}, err
	}
	err := d.read(ctx, c, at, jurat.RedactionReleased, id.Incident(), func(tx *register.Tx, h hand) error {
		var err error
		if r, err = load[jurat.Redaction](tx, jurat.Item{Noun: jurat.NounRedaction, ID: id}); err != nil {
			return err
		}
		if _, _, err = r.Release(to, h.Hand, jurat.At(at)); err != nil {
			return err
		}
		if err := mayGo(tx, r); err != nil {
			return err
		}
		if err := h.mayViewCopy(tx, jurat.RedactionReleased, r, jurat.At(at)); err != nil {
			return err
		}
		b, err = tx.Blob(r.Copy)
		return absent(err, "the bytes of %s are not held here", r.Copy)
	})
	if err != nil {
		return r, nil, Done{}, err
	}
	if b.Digest != r.CopyIs {
		return r, nil, Done{}, jurat.Errorf(jurat.Altered, "the copy %s is not the one that was reviewed as %s", r.Copy, r.ID)
	}
	if err := d.vault.Check(ctx, blobOf(b)); err != nil {
		return r, nil, Done{}, err
	}
	reader, err := d.vault.Open(ctx, blobOf(b))
	if err != nil {
		return r, nil, Done{}, err
	}
	r, done, err := d.onRedaction(ctx, c, at, jurat.RedactionReleased, id, func(tx *register.Tx, h hand, r jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		if err := mayGo(tx, r); err != nil {
			return r, jurat.Event{}, err
		}
		return r.Release(to, h.Hand, jurat.At(at))
	})
	if err != nil {
		return r, nil, Done{}, errors.Join(err, reader.Close())
	}
	return r, reader, done, nil
}

// mayGo refuses to let a copy go to the public whose original was not given for
// that, or no longer is (EVD-4).
func mayGo(tx *register.Tx, r jurat.Redaction) error {
	x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: r.Source})
	if err != nil {
		return err
	}
	return x.UsableFor(jurat.UsePublicReport)
}

// mayViewCopy is [hand.mayView] for a redaction's copy.
func (h hand) mayViewCopy(tx *register.Tx, act jurat.Act, r jurat.Redaction, at time.Time) error {
	x, err := load[jurat.Exhibit](tx, jurat.Item{Noun: jurat.NounExhibit, ID: r.Copy})
	if err != nil {
		return err
	}
	return h.mayView(tx, act, x, at)
}

func (d *Desk) onRedaction(ctx context.Context, c Caller, at time.Time, act jurat.Act, id jurat.ItemID, do func(*register.Tx, hand, jurat.Redaction) (jurat.Redaction, jurat.Event, error)) (jurat.Redaction, Done, error) {
	return onItem(ctx, d, c, at, act, jurat.NounRedaction, id, do)
}

// Exemptions are the reasons for which the adopted orders let something be
// withheld, by code, with their words. They are public texts: anybody may ask.
func (d *Desk) Exemptions(ctx context.Context) (map[string]string, error) {
	all, err := d.Orders(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range all {
		if t, ok := o.Table(tableExemptions); ok {
			for _, i := range t.Items {
				out[i.ID] = i.Label.String()
			}
		}
	}
	return out, nil
}
