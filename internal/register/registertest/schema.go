package registertest

import (
	"strings"
	"testing"

	"jurat"
	"jurat/internal/ledger"
	"jurat/internal/register"
)

var schema = []sentence{
	{"rows of events, indexes, heads and the journal are never changed or removed", appendOnly},
	{"indexes of a log are dense", denseIndexes},
	{"one size of a log never has two roots", oneRoot},
	{"a database of a newer program is refused", newerProgram},
	{"a database whose schema another program made is refused", otherProgram},
	{"opening again changes nothing", openedAgain},
	{"every row can be read, and none is astray", everyRow},
}

// sequenced gives every pending event an index.
func sequenced(t testing.TB, p Place) ledger.Head {
	t.Helper()
	store := p.Ledger()
	head, err := store.Head(t.Context())
	must(t, err)
	entries, err := store.Unsequenced(t.Context(), 10000)
	must(t, err)
	lease, err := store.Acquire(t.Context(), "sequence", "suite", 1e9)
	must(t, err)
	next := ledger.Head{Log: head.Log, Size: head.Size + int64(len(entries)), Root: [32]byte{1, byte(head.Size)}}
	must(t, store.Sequence(t.Context(), lease, head.Size, entries, next))
	must(t, store.Release(t.Context(), lease))
	return next
}

// filled puts something into every table.
func filled(t testing.TB, p Place) register.EventRow {
	t.Helper()
	in := incident(t, p, "A stop")
	e := add(t, p, in, exhibit(in, 1), 1, says("a clip"), func(e *register.EventRow) {
		e.Sealed = []register.SealedPart{{Class: jurat.ClassContact, Key: []byte("k"), Body: []byte("b")}}
	})
	write(t, p, func(tx *register.Tx) error {
		must(t, tx.PutBlob(blob(in, 1, "clip")))
		_, err := tx.Journal(register.JournalRow{Kind: "listed"})
		return err
	})
	sequenced(t, p)
	return e
}

func appendOnly(t *testing.T, p Place) {
	filled(t, p)
	tables := []string{"event", "leaf_index", "tree_head", "journal"}
	before := map[string]int64{}
	for _, table := range tables {
		if before[table] = count(t, p, "select count(*) from "+table); before[table] == 0 {
			t.Fatalf("%s has no rows", table)
		}
	}
	refused := []string{
		"update event set leaf = leaf", "update event set seq = 7 where seq = 1", "delete from event", "delete from event where seq = 1",
		"update leaf_index set idx = idx", "delete from leaf_index where idx = 1", "delete from leaf_index",
		"update tree_head set root = root", "delete from tree_head", "update tree_head set size = 9",
		"update journal set kind = 'other'", "delete from journal",
		"update blob set size = 9",
		"update event set id = id where 1 = 1",
	}
	if p.Engine() == "postgres" {
		refused = append(refused, "truncate event cascade", "truncate leaf_index", "truncate tree_head", "truncate journal")
	} else {
		refused = append(refused, "insert or replace into event (id, incident, seq, leaf) select id, incident, seq, x'00' from event",
			"insert or replace into tree_head (log, size, root) select log, size, x'00' from tree_head",
			"insert or replace into journal (n, at, kind, person, office, incident, detail) select n, at, 'other', '', '', '', '' from journal")
	}
	for _, statement := range refused {
		if _, err := p.Raw.ExecContext(t.Context(), statement); err == nil {
			t.Errorf("%q was carried out", statement)
		}
	}
	for _, table := range tables {
		if n := count(t, p, "select count(*) from "+table); n != before[table] {
			t.Errorf("%s went from %d rows to %d", table, before[table], n)
		}
	}
}

func denseIndexes(t *testing.T, p Place) {
	filled(t, p)
	for _, idx := range []string{"1", "3", "-1"} { // it has 0 and 1
		leaf := map[string]string{"postgres": "'x'::bytea", "sqlite": "x'00'"}[p.Engine()]
		if _, err := p.Raw.ExecContext(t.Context(), "insert into leaf_index (log, idx, leaf) values (0, "+idx+", "+leaf+")"); err == nil {
			t.Errorf("index %s was given", idx)
		}
	}
}

func oneRoot(t *testing.T, p Place) {
	filled(t, p)
	store := p.Ledger()
	head, err := store.Head(t.Context())
	must(t, err)
	lease, err := store.Acquire(t.Context(), "sequence", "suite", 1e9)
	must(t, err)
	must(t, store.Sequence(t.Context(), lease, head.Size, nil, head)) // the same again is nothing new
	other := head
	other.Root[5]++
	wantKind(t, "Sequence of another root", store.Sequence(t.Context(), lease, head.Size, nil, other), jurat.Conflict)
	if now, err := store.Head(t.Context()); now != head || err != nil {
		t.Errorf("Head: %+v, %v; was %+v", now, err, head)
	}
}

func newerProgram(t *testing.T, p Place) {
	_, err := p.Raw.ExecContext(t.Context(), "insert into migration (number, name, sha256, at) values (9999, 'later', 'x', 0)")
	must(t, err)
	refusedToOpen(t, p, "a newer program")
}

func otherProgram(t *testing.T, p Place) {
	_, err := p.Raw.ExecContext(t.Context(), "update migration set sha256 = 'x' where number = 1")
	must(t, err)
	refusedToOpen(t, p, "made by another")
}

func refusedToOpen(t *testing.T, p Place, why string) {
	t.Helper()
	_, err := p.Again(t.Context())
	_, reading := p.Reading(t.Context())
	for what, err := range map[string]error{"open": err, "open for reading": reading} {
		if wantKind(t, what, err, jurat.Unavailable); err != nil && !strings.Contains(err.Error(), why) {
			t.Errorf("%s: %v; want it to say %q", what, err, why)
		}
	}
}

func openedAgain(t *testing.T, p Place) {
	const asked = "select count(*) from migration"
	before := count(t, p, asked)
	again, err := p.Again(t.Context())
	must(t, err)
	must(t, again.Close())
	if n := count(t, p, asked); n != before || n == 0 {
		t.Errorf("migrations went from %d to %d", before, n)
	}
}

func everyRow(t *testing.T, p Place) {
	e := filled(t, p)
	add(t, p, e.Incident, record(e.Incident, 1), 1)
	r, err := p.Reading(t.Context())
	must(t, err)
	defer r.Close()
	must(t, r.Read(t.Context(), func(tx *register.Tx) error {
		var leaves, roots, waiting int64
		must(t, tx.EachLeaf(0, func(l register.LeafRow) error {
			if l.Index != leaves || l.Event == "" || l.Leaf != nil {
				t.Errorf("leaf row %+v", l)
			}
			leaves++
			return nil
		}))
		must(t, tx.EachTreeHead(0, func(h ledger.Head) error { roots++; return nil }))
		must(t, tx.EachPending(func(jurat.EventID) error { waiting++; return nil }))
		strays, err := tx.Strays()
		if leaves != 2 || roots != 1 || waiting != 1 || strays != 0 || err != nil {
			t.Errorf("%d leaves, %d roots, %d waiting, %d strays, %v", leaves, roots, waiting, strays, err)
		}
		return nil
	}))
}
