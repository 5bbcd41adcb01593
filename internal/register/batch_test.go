package register_test

import (
	"testing"
	"testing/synctest"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// Words that one act of a batch indexes are there for the next: else what the
// next erases would be found again after it.
func TestWordsOfABatchAreErasedWithinIt(t *testing.T) {
	file := t.TempDir() + "/register.sqlite"
	synctest.Test(t, func(t *testing.T) {
		r, err := register.OpenSQLite(t.Context(), file)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		oneIncident(t, r, "A stop")
		const in jurat.IncidentNumber = "2026-000001"
		item := jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, 1)}
		e := registertest.Event(t, registertest.NewID(), in, 1, item, 1)
		e.Search = "quillfeather"

		gate := make(chan struct{})
		for _, fn := range []func(*register.Tx) error{
			func(*register.Tx) error { <-gate; return nil }, // the committer stands here until the batch is complete
			func(tx *register.Tx) error {
				if _, err := tx.Lock(in); err != nil {
					return err
				}
				return tx.Append(e)
			},
			func(tx *register.Tx) error {
				if _, err := tx.Lock(in); err != nil {
					return err
				}
				return tx.EraseParts([]jurat.EventID{e.ID}, []jurat.Class{jurat.ClassOpen})
			},
		} {
			go func() {
				if err := r.Write(t.Context(), fn); err != nil {
					t.Error(err)
				}
			}()
			synctest.Wait() // one after the other into the queue
		}
		close(gate)
		synctest.Wait()
		if err := r.Read(t.Context(), func(tx *register.Tx) error {
			hits, err := tx.SearchItems(register.Query{Text: "quillfeather", Limit: 9})
			if len(hits) != 0 {
				t.Errorf("found %v", hits)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
