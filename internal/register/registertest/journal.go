package registertest

import (
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"jurat/internal/register"
)

var journal = []sentence{
	{"what is counted of the journal and of sessions is what there is", loads},
	{"lines are found by kind, office and time, and from the end", journalOf},
	{"lines of the journal are numbered without gaps and come back as written", journalLines},
}

func loads(t *testing.T, p Place) {
	write(t, p, func(tx *register.Tx) error {
		for _, row := range []register.JournalRow{{At: Noon, Kind: "refused", Detail: "{}"}, {At: Noon, Kind: "pattern", Detail: "{}"}, {At: Noon.Add(-time.Hour), Kind: "pattern", Detail: "{}"}} {
			if _, err := tx.Journal(row); err != nil {
				return err
			}
		}
		for i, began := range []time.Time{Noon, Noon.Add(-time.Hour)} {
			if err := tx.PutSession(register.SessionRow{Hash: []byte{byte(i)}, ID: fmt.Sprint(i), Person: "officer-1", Began: began}); err != nil {
				return err
			}
		}
		return nil
	})
	read(t, p, func(tx *register.Tx) error {
		l, err := tx.Load(Noon.Add(-time.Minute), Noon.Add(-time.Minute))
		if want := (register.Load{Sessions: 1, Journal: 3, Alerts: 1}); err != nil || l != want {
			t.Errorf("%+v, %v; want %+v", l, err, want)
		}
		return nil
	})
}

func journalOf(t *testing.T, p Place) {
	for i, row := range []register.JournalRow{
		{Kind: "refused", Office: "mayors-office"}, {Kind: "refused", Office: "police"}, {Kind: "list", Office: "mayors-office"},
		{Kind: "refused", Office: "mayors-office"}, {Kind: "refused", Office: "mayors-office"},
	} {
		row.At, row.Detail = Noon.Add(time.Duration(i)*time.Minute), "{}"
		write(t, p, func(tx *register.Tx) error { _, err := tx.Journal(row); return err })
	}
	numbers := func(rows []register.JournalRow, err error) string {
		must(t, err)
		var all []int64
		for _, r := range rows {
			all = append(all, r.N)
		}
		return fmt.Sprint(all)
	}
	read(t, p, func(tx *register.Tx) error {
		for want, got := range map[string]string{
			"[4 5]": numbers(tx.JournalOf("refused", "mayors-office", Noon)), "[2 4 5]": numbers(tx.JournalOf("refused", "", Noon)),
			"[]": numbers(tx.JournalOf("pattern", "", Noon)), "[5 4]": numbers(tx.JournalBefore(0, 2)), "[3 2 1]": numbers(tx.JournalBefore(4, 9)),
		} {
			if got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		return nil
	})
}

func journalLines(t *testing.T, p Place) {
	const n = 300
	var all sync.WaitGroup
	for w := range 6 {
		all.Go(func() {
			for i := range n / 6 {
				err := p.Write(t.Context(), func(tx *register.Tx) error {
					_, err := tx.Journal(register.JournalRow{At: Noon, Kind: "refused", Person: "officer-4471", Office: "police", Incident: "2026-000001", Detail: fmt.Sprintf(`{"n":%d}`, w*1000+i)})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	read(t, p, func(tx *register.Tx) error {
		next := int64(1)
		must(t, tx.EachJournal(func(j register.JournalRow) error {
			want := register.JournalRow{N: next, At: Noon, Kind: "refused", Person: "officer-4471", Office: "police", Incident: "2026-000001", Detail: j.Detail}
			if !reflect.DeepEqual(j, want) {
				t.Errorf("line %+v, want %+v", j, want)
			}
			next++
			return nil
		}))
		last, err := tx.JournalLast()
		some, err2 := tx.JournalSince(10, 5)
		if next != n+1 || last != n || err != nil || err2 != nil || len(some) != 5 || some[0].N != 11 {
			t.Errorf("%d lines, the last %d, %v, %v, since 10: %+v", next-1, last, err, err2, some)
		}
		return nil
	})
}
