package desk

import (
	"context"

	"jurat"
	"jurat/internal/register"
)

// Who gives a person of this record and their office, for the counter to greet
// them by: it opens nothing and is no act. NotFound: there is no such person,
// or they are retired.
func (d *Desk) Who(ctx context.Context, id jurat.PersonID) (p jurat.Person, o jurat.Office, err error) {
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		if p, err = load[jurat.Person](tx, jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)}); err != nil {
			return err
		}
		if !p.Retired.IsZero() {
			return jurat.Errorf(jurat.NotFound, "there is no person %s", id)
		}
		o, err = load[jurat.Office](tx, jurat.Item{Noun: jurat.NounOffice, ID: jurat.ItemID(p.Office)})
		return err
	})
	return p, o, err
}
