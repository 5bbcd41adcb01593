package register_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// TestARecordOfTheFirstSchemaIsBroughtUp opens a database as the first program
// left it: nothing said by it may be lost, and what it counts goes on.
func TestARecordOfTheFirstSchemaIsBroughtUp(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "register.sqlite")
		firstSchema(t, raw(t, "sqlite", "file:"+file), "sqlite")
		r, err := register.OpenSQLite(t.Context(), file)
		broughtUp(t, r, err)
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := postgres.Database(t)
		firstSchema(t, raw(t, "pgx", dsn), "postgres")
		r, err := register.OpenPostgres(t.Context(), dsn)
		broughtUp(t, r, err)
	})
}

const old jurat.IncidentNumber = "2026-000001"

var (
	oldRecord = jurat.Item{Noun: jurat.NounRecord, ID: "2026-000001-R1"}
	oldLook   = jurat.Item{Noun: jurat.NounLook, ID: jurat.ItemID(old)}
)

// firstSchema writes a record of six events as the first program would have.
func firstSchema(t *testing.T, db *sql.DB, engine string) {
	t.Helper()
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatalf("%.60s: %v", query, err)
		}
	}
	text, err := os.ReadFile("migrate/" + engine + "/0001_record.sql")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(text)
	do(string(text))
	do("create table migration (number bigint not null primary key, name text not null, sha256 text not null, at bigint not null)")
	do("insert into migration (number, name, sha256, at) values (1, 'record', $1, 0)", hex.EncodeToString(sum[:]))

	const ordinal = 2026_000_000_001
	do("insert into incident_head (incident, ordinal, seq, prev) values ($1, $2, -1, $3)", string(old), int64(ordinal), []byte{})
	for name, n := range map[string]int64{"incident 2026": 1, "house person": 4, string(old) + " party": 1, string(old) + " record": 2, string(old) + " words": 3} {
		do("insert into counter (name, n) values ($1, $2)", name, n)
	}
	var prev [32]byte
	for seq, item := range []jurat.Item{
		{Noun: jurat.NounIncident, ID: jurat.ItemID(old)}, {Noun: jurat.NounParty, ID: "2026-000001-P1"},
		oldRecord, oldLook, oldRecord, oldLook,
	} {
		e := registertest.Event(t, registertest.NewID(), old, int64(seq), item, seq)
		at := registertest.Noon.Add(time.Duration(seq) * time.Minute)
		claims := make([]string, len(e.Claims))
		for i, c := range e.Claims {
			claims[i] = string(c)
		}
		do("insert into event (id, incident, seq, leaf) values ($1, $2, $3, $4)", string(e.ID), string(old), int64(seq), e.Leaf)
		do("insert into disclosure (event, at, act, noun, item, person, claims, open) values ($1, $2, 'item.opened', $3, $4, 'officer-1', $5, $6)",
			string(e.ID), at.UnixMicro(), string(item.Noun), string(item.ID), strings.Join(claims, " "), string(e.Open))
		do("insert into item (incident, noun, id, event, events, disposed) values ($1, $2, $3, $4, 1, 0) on conflict (incident, noun, id) do update set event = excluded.event, events = item.events + 1",
			string(old), string(item.Noun), string(item.ID), string(e.ID))
		prev = format.LeafHash(e.Leaf)
		switch seq {
		case 0:
			do("insert into search_doc (n, incident, noun, item, event, title, words) values ($1, $2, 'incident', $2, $3, 'A stop', 'a stop')", int64(ordinal<<19|1), string(old), string(e.ID))
		case 4: // the text of an item, numbered when it was said last
			do("insert into search_doc (n, incident, noun, item, event, title, words) values ($1, $2, 'record', $3, $4, '', 'van')", int64(ordinal<<19|4), string(old), string(oldRecord.ID), string(e.ID))
		}
	}
	do("update incident_head set seq = 5, prev = $1 where ordinal = $2", prev[:], int64(ordinal))
}

func broughtUp(t *testing.T, r *register.Register, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	closeAfter(t, r)
	found := func(query string, want ...jurat.ItemID) {
		t.Helper()
		if err := r.Read(t.Context(), func(tx *register.Tx) error {
			hits, err := tx.SearchItems(register.Query{Text: query, Limit: 9})
			var got []jurat.ItemID
			for _, h := range hits {
				got = append(got, h.Item.ID)
			}
			if !slices.Equal(got, want) {
				t.Errorf("search %q: %v, want %v", query, got, want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	found("van", oldRecord.ID)
	found("stop", jurat.ItemID(old))
	if err := r.Write(t.Context(), func(tx *register.Tx) error {
		h, err := tx.Lock(old)
		if err != nil {
			return err
		}
		for noun, want := range map[jurat.Noun]jurat.ItemID{jurat.NounRecord: "2026-000001-R3", jurat.NounParty: "2026-000001-P2", jurat.NounExhibit: "2026-000001-E1"} {
			if got, err := tx.NextItem(old, noun); got != want || err != nil {
				t.Errorf("NextItem: %s, %v; want %s", got, err, want)
			}
		}
		for item, want := range map[jurat.Item][]int64{oldRecord: {2, 4}, oldLook: {3, 5}} {
			events, err := tx.EventsOf(item)
			var got []int64
			for _, e := range events {
				got = append(got, e.Seq)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("EventsOf %v: %v, %v; want %v", item, got, err, want)
			}
		}
		if at, err := tx.LastAct(oldLook, "item.opened", "officer-1"); err != nil || !at.Equal(registertest.Noon.Add(5*time.Minute)) {
			t.Errorf("LastAct: %v, %v", at, err)
		}
		if n, err := tx.Strays(); err != nil || n != 0 {
			t.Errorf("Strays: %d, %v", n, err)
		}
		e := registertest.Event(t, registertest.NewID(), old, h.Seq+1, oldRecord, "amended")
		e.Search = "truck"
		return tx.Append(e)
	}); err != nil {
		t.Fatal(err)
	}
	found("van")
	found("truck", oldRecord.ID)
	if err := r.Write(t.Context(), func(tx *register.Tx) error {
		if _, err := tx.Lock(register.House); err != nil {
			return err
		}
		if name, err := tx.NextName(jurat.NounPerson); err != nil || name != "person-5" {
			t.Errorf("NextName: %s, %v", name, err)
		}
		in, err := tx.NextIncident(2026)
		if in != "2026-000002" {
			t.Errorf("NextIncident: %s", in)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
