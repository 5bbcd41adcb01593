package registertest

import (
	"testing"

	"jurat"
	"jurat/internal/register"
)

// Run runs the suite. open returns a new, empty register and closes it after t.
func Run(t *testing.T, open func(t *testing.T) *register.Register) {
	t.Run("smoke", func(t *testing.T) {
		r := open(t)
		var ids IDs
		var in jurat.IncidentNumber
		err := r.Write(t.Context(), func(tx *register.Tx) (err error) {
			if in, err = tx.NextIncident(2026); err != nil {
				return err
			}
			e := Event(t, ids.Next(), in, 0, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, map[string]any{"title": "A stop at a corner"})
			e.Search, e.Title = "A stop at a corner, Café", "A stop at a corner"
			return tx.Append(e)
		})
		if err != nil {
			t.Fatal(err)
		}
		err = r.Read(t.Context(), func(tx *register.Tx) error {
			list, err := tx.ListIncidents("", 10)
			if err != nil || len(list) != 1 || list[0].Incident != "2026-000001" {
				t.Errorf("ListIncidents: %+v, %v", list, err)
			}
			hits, err := tx.Search("CAFE cor", "", 10)
			if err != nil || len(hits) != 1 || hits[0].Incident != in {
				t.Errorf("Search: %+v, %v", hits, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
