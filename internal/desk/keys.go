package desk

import (
	"context"
	"errors"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A KeyLine is one key of the record, by its public part or by a name that tells
// it apart and nothing else, and the leaves it is in force for.
type KeyLine struct {
	Kind   string `json:"kind"`
	Public string `json:"public"`
	From   int64  `json:"from" doc:"its first leaf"`
	Until  *int64 `json:"until,omitempty" doc:"the leaf after its last; absent: it is in force"`
}

// First is the number of its first event in the ledger, as people count them.
func (k KeyLine) First() int64 { return k.From + 1 }

// Last is the number of its last event; of a key in force, 0.
func (k KeyLine) Last() int64 {
	if k.Until == nil {
		return 0
	}
	return *k.Until
}

// A PersonKeys is what somebody signs with, by the thumbprints of its keys.
type PersonKeys struct {
	Person      jurat.PersonID `json:"person"`
	Label       string         `json:"label"`
	Sworn       bool           `json:"sworn"`
	Thumbprints []string       `json:"thumbprints"`
}

// Keys lists the keys of the record as it publishes them, none before the first
// event is, and those of the people who may work, each by what anybody may know
// of it. For whoever lets people in.
func (d *Desk) Keys(ctx context.Context, c Caller, at time.Time) ([]KeyLine, []PersonKeys, error) {
	people := []PersonKeys{}
	err := d.read(ctx, c, at, actionAdmit, "", func(tx *register.Tx, _ hand) error {
		all, err := loadAll[jurat.Person](tx, register.House, jurat.NounPerson)
		if err != nil {
			return err
		}
		people = people[:0]
		for _, p := range all {
			if !p.Retired.IsZero() {
				continue
			}
			k := PersonKeys{Person: p.ID, Label: p.Label, Sworn: p.Sworn, Thumbprints: []string{}}
			for _, raw := range p.Keys {
				key, err := format.ParsePersonKey(raw)
				if err != nil {
					return err
				}
				k.Thumbprints = append(k.Thumbprints, key.Thumbprint())
			}
			people = append(people, k)
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	text, err := d.ledger.KeyList()
	if errors.Is(err, jurat.NotFound) { // nothing was published yet
		return []KeyLine{}, people, nil
	}
	if err != nil {
		return nil, nil, err
	}
	listed, err := format.ParseKeys(text)
	if err != nil {
		return nil, nil, err
	}
	keys := make([]KeyLine, len(listed))
	for i, k := range listed {
		keys[i] = KeyLine{Kind: string(k.Kind), Public: k.Public, From: k.From}
		if k.To != format.InForce {
			keys[i].Until = &k.To
		}
	}
	return keys, people, nil
}
