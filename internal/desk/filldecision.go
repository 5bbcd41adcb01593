package desk

import (
	"jurat"
	"jurat/format"
)

func (f *filler) decision() error {
	r := f.plan.referral
	d := format.ReferralDecision{Reason: r.Reason, Scope: r.Scope, Allegations: r.Allegations, OneOperator: r.OneOperator}
	for i, row := range f.rows {
		if row.Item != r.Item() {
			continue
		}
		by, err := f.signatory(i)
		if err != nil {
			return err
		}
		switch row.Act {
		case jurat.ReferralPrepared:
			d.InitiatedBy = by
		case jurat.ReferralApproved:
			d.ApprovedBy = by
		case jurat.ReferralAttested:
			d.Attestation.By = by
		}
	}
	d.Attestation.None = r.Attested.None
	contacts, err := f.tx.Items(r.Incident, jurat.NounContact)
	if err != nil {
		return err
	}
	d.Attestation.Contacts = make([]format.Stated[jurat.Contact], len(contacts))
	for i, row := range contacts {
		d.Attestation.Contacts[i].Event = row.Event
		if err := decode(row, &d.Attestation.Contacts[i].Value); err != nil {
			return err
		}
	}
	// A contact recorded after "none" was attested is shown, and the
	// attestation is no longer offered as none (REF-1, case 4 of §15).
	d.Attestation.None = d.Attestation.None && len(contacts) == 0
	if d.Screened, d.Political, err = f.counsel(); err != nil {
		return err
	}
	f.plan.parcel.Referral.Decision = d
	return nil
}

// counsel lists the counsel who acted in the incident or opened it, and the
// counsel of this record who advise a political office and are screened from
// every incident (design §2).
func (f *filler) counsel() (screened, political []string, err error) {
	in := map[jurat.PersonID]bool{}
	for _, st := range f.said {
		in[st.Actor.Person] = true
	}
	rows, err := f.tx.House(jurat.NounPerson)
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows {
		var p jurat.Person
		if err := decode(row, &p); err != nil {
			return nil, nil, err
		}
		if p.Role != jurat.RoleCounsel {
			continue
		}
		h, err := lookUp(f.tx, p.ID)
		switch {
		case err != nil:
			return nil, nil, err
		case h.screened:
			political = append(political, work(p, p.Office))
		case in[p.ID]:
			screened = append(screened, work(p, p.Office))
		}
	}
	return screened, political, nil
}

func (f *filler) signatory(i int) (format.Signatory, error) {
	st := f.said[i]
	p, err := f.person(st.Actor.Person)
	return format.Signatory{Person: st.Actor.Person, Label: p.Label, Office: st.Actor.Office, Role: st.Actor.Role, Event: f.rows[i].ID, At: st.At}, err
}
