package register_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// Rows that somebody takes away from under the program are missed, wherever
// they stood (EVD-5).
func TestEventsThatWereTakenAwayAreMissed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "register.sqlite")
	r, err := register.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for range 3 {
		oneIncident(t, r, "an incident")
	}
	const in jurat.IncidentNumber = "2026-000001"
	for seq := range 9 {
		err := r.Write(t.Context(), func(tx *register.Tx) error {
			if _, err := tx.Lock(in); err != nil {
				return err
			}
			e := registertest.Event(t, registertest.NewID(), in, int64(seq+1), jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, "more")
			if seq < 2 {
				e.Act = jurat.ItemOpened
			}
			return tx.Append(e)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	told := func() (lost []register.Range, openings int) {
		t.Helper()
		err := r.Read(t.Context(), func(tx *register.Tx) (err error) {
			if lost, err = tx.Lost(in); err == nil {
				openings, err = tx.Openings(in)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return lost, openings
	}
	torn := func(most int) (all []jurat.IncidentNumber) {
		t.Helper()
		err := r.Read(t.Context(), func(tx *register.Tx) error {
			return tx.EachTorn(func(in jurat.IncidentNumber) (bool, error) { all = append(all, in); return len(all) < most, nil })
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := torn(9); len(all) != 0 {
		t.Fatalf("nothing is torn: %v", all)
	}
	if lost, openings := told(); len(lost) != 0 || openings != 2 {
		t.Fatalf("nothing is lost, and it was opened twice: %v, %d", lost, openings)
	}
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query("select name from sqlite_schema where type = 'trigger' and tbl_name <> 'search_doc'")
	if err != nil {
		t.Fatal(err)
	}
	var drop []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		drop = append(drop, "drop trigger "+name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // before its table is changed
		t.Fatal(err)
	}
	for _, s := range append(drop, "delete from event where incident = '2026-000001' and seq in (0, 3, 4, 9)", "delete from event where incident = '2026-000003'") {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if lost, _ := told(); !slices.Equal(lost, []register.Range{{From: 0, To: 0}, {From: 3, To: 4}, {From: 9, To: 9}}) {
		t.Errorf("lost: %v", lost)
	}
	if all := torn(9); !slices.Equal(all, []jurat.IncidentNumber{in, "2026-000003"}) {
		t.Errorf("torn: %v", all)
	}
	if all := torn(1); len(all) != 1 {
		t.Errorf("it went on: %v", all)
	}
	err = r.Read(t.Context(), func(tx *register.Tx) error { _, err := tx.Lost("2026-000077"); return err })
	if !errors.Is(err, jurat.NotFound) {
		t.Errorf("of an incident there is not: %v", err)
	}
}
