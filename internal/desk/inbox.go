package desk

import (
	"context"
	"slices"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// An Arrived is a dossier that was taken in here.
type Arrived struct {
	Dossier jurat.Dossier
	From    string              // the sender's name, where their keys are pinned
	Pinned  bool                // the sender's log is pinned here now
	Answer  jurat.ReferralState // of this office; empty: none yet
	Own     bool                // the prosecutors have work of their own on its incident
}

// Inbox lists the dossiers taken in here, the newest first, for who may take
// one in; without those of incidents a court has closed to them. Like every
// list it is journalled, and opens no incident.
func (d *Desk) Inbox(ctx context.Context, c Caller, at time.Time) ([]Arrived, error) {
	var all []Arrived
	var asked entry
	err := d.read(ctx, c, at, jurat.DossierReceived, "", func(tx *register.Tx, h hand) error {
		asked, all = question{who: h, action: actionList}.entry(string(actionList)), nil
		names, err := logNames(tx)
		if err != nil {
			return err
		}
		own, err := d.ownWork(tx, h)
		if err != nil {
			return err
		}
		for _, act := range []jurat.Act{jurat.DossierReceived, jurat.DossierReceipt, jurat.DossierDecided} {
			err := tx.EachLeftBy(jurat.NounDossier, act, h.house.hidden(h), func(row register.ItemRow) (bool, error) {
				var x jurat.Dossier
				if err := decode(row, &x); err != nil || x.Exhibit == "" { // sent from here
					return true, err
				}
				one := Arrived{Dossier: x}
				one.From, one.Pinned = names[x.Origin]
				one.Own = slices.ContainsFunc(own, func(r jurat.Record) bool { return IncidentNamed(r.Fields) == x.Incident })
				if x.Decision != "" {
					decision, _, err := format.ReadDecision(x.Decision)
					if err != nil {
						return false, err
					}
					one.Answer = decision.State
				}
				all = append(all, one)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = d.note(ctx, at, asked)
	}
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b Arrived) int { return b.Dossier.At.Compare(a.Dossier.At) })
	return all, nil
}

// logNames gives whose each pinned log is.
func logNames(tx *register.Tx) (map[string]string, error) {
	offices, err := loadAll[jurat.Office](tx, register.House, jurat.NounOffice)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, o := range offices {
		if len(o.Trust) == 0 {
			continue
		}
		t, err := format.ParseTrust(o.Trust)
		if err != nil {
			return nil, err
		}
		for _, log := range t.Offices {
			names[log.Origin] = o.Name
		}
	}
	return names, nil
}

// TrustFile pins the keys of an office from its trust file. Invalid: it is
// none, or names several offices.
func (d *Desk) TrustFile(ctx context.Context, c Caller, at time.Time, id jurat.OfficeID, text []byte) (Done, error) {
	t, err := format.ParseTrust(text)
	if err != nil {
		return Done{}, err
	}
	if len(t.Offices) == 0 {
		return Done{}, jurat.Errorf(jurat.Invalid, "the trust file names no office")
	}
	recipient := ""
	for _, o := range t.Offices {
		if o.Name != t.Offices[0].Name {
			return Done{}, jurat.Errorf(jurat.Invalid, "the trust file names %s and %s; pin a file with one office", t.Offices[0].Name, o.Name)
		}
		if recipient == "" && len(o.Age) > 0 {
			recipient = o.Age[0]
		}
	}
	raw, err := t.Marshal()
	if err != nil {
		return Done{}, err
	}
	return d.TrustOffice(ctx, c, at, id, raw, recipient)
}
