package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A ReferralLine is one referral in the list of them.
type ReferralLine struct {
	jurat.Referral
	ToName string    `json:"to_name"`        // as the office is called here
	Sent   time.Time `json:"sent,omitzero"`  // when the first dossier went; zero: it did not
	Days   int       `json:"days,omitempty"` // whole days since then
}

// Referrals lists the referrals the person may see, those begun last first: a
// list of what was handed over and what was answered, in no order of how long
// anybody took (REF-4). It is journalled and opens no incident.
func (d *Desk) Referrals(ctx context.Context, c Caller, at time.Time) ([]ReferralLine, error) {
	at = jurat.At(at)
	var lines []ReferralLine
	var asked entry
	err := d.read(ctx, c, at, actionReferrals, "", func(tx *register.Tx, h hand) error {
		asked, lines = question{who: h, action: actionReferrals}.entry(string(actionList)), []ReferralLine{}
		var all []jurat.Referral
		err := tx.EachItem(register.AllEvents, h.house.hidden(h), []jurat.Noun{jurat.NounReferral}, func(item register.ItemState) error {
			raw, err := item.State()
			if err != nil || raw == nil {
				return err
			}
			return grow(&all, raw)
		})
		if err != nil {
			return err
		}
		names, err := officeNames(tx)
		if err != nil {
			return err
		}
		for _, r := range all {
			line := ReferralLine{Referral: r, ToName: cmp.Or(names[r.To], string(r.To))}
			if line.Sent, err = sentAt(tx, r); err != nil {
				return err
			}
			if !line.Sent.IsZero() && line.Sent.Before(at) {
				line.Days = int(at.Sub(line.Sent) / (24 * time.Hour))
			}
			lines = append(lines, line)
		}
		return nil
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(lines, func(a, b ReferralLine) int {
		return cmp.Or(b.InitiatedAt.Compare(a.InitiatedAt), cmp.Compare(b.ID, a.ID))
	})
	return lines, nil
}

// sentAt is when a referral's first dossier went, as its events say.
func sentAt(tx *register.Tx, r jurat.Referral) (time.Time, error) {
	if len(r.Dossiers) == 0 {
		return time.Time{}, nil
	}
	events, err := tx.EventsOf(jurat.Item{Noun: jurat.NounReferral, ID: r.ID})
	if err != nil {
		return time.Time{}, err
	}
	for _, e := range events {
		if e.Act == jurat.ReferralSent {
			return e.At, nil
		}
	}
	return time.Time{}, nil
}

// officeNames are the offices on the record, by their ids.
func officeNames(tx *register.Tx) (map[jurat.OfficeID]string, error) {
	offices, err := loadAll[jurat.Office](tx, register.House, jurat.NounOffice)
	names := map[jurat.OfficeID]string{}
	for _, o := range offices {
		names[o.ID] = o.Name
	}
	return names, err
}
