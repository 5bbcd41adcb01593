package desk

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"jurat"
	"jurat/internal/register"
)

// Disputes lists the disputes between governments, among the house's own
// records, that name an incident, in the order they were recorded. Those about
// what is on an incident's record are among its own records
// ([jurat.TypeAccountDispute]). Who may not list what is the house's is told of
// none. It opens the incident, as [Desk.Show] does.
func (d *Desk) Disputes(ctx context.Context, c Caller, at time.Time, in jurat.IncidentNumber) ([]jurat.Record, error) {
	var all []jurat.Record
	err := d.open(ctx, c, at, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, func(tx *register.Tx, h hand) error {
		all = nil
		if may, _ := d.policy.allows(question{who: h, action: actionList}); !may {
			return nil
		}
		records, err := loadAll[jurat.Record](tx, register.House, jurat.NounRecord)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(records, func(r jurat.Record) bool {
			var f struct {
				Incident string `json:"incident_number"`
			}
			return r.Type != jurat.TypeDispute || d.keeps(h, r) || json.Unmarshal(r.Fields, &f) != nil || f.Incident != string(in)
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
