package registertest

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"jurat/internal/register"
)

var journal = []sentence{
	{"lines of the journal are numbered without gaps and come back as written", journalLines},
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
