package registertest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/internal/register"
)

var searching = []sentence{
	{"words are found whatever their case, accents and punctuation", found},
	{"the beginning of one word, of a few and of very many is found alike", beginnings},
	{"a search is for words, not for a language of the engine's", noSyntax},
	{"only the last text of an item is found", lastText},
	{"sealed parts are not found", sealedNotFound},
	{"incidents are found once each, newest first, page by page", foundByPage},
	{"items are found by noun and incident, page by page", itemsFound},
	{"a list and a search are narrowed by state and by opening, and no page is short for it", narrowed},
	{"a search says which item has the words, the one recorded last", whichMatched},
	{"an index that was emptied can be made again", reindexed},
	{"what is derived from events can be read whole", derivedRead},
}

// find gives the last two digits of the incidents found.
func find(t testing.TB, p Place, words string) (got []string) {
	t.Helper()
	read(t, p, func(tx *register.Tx) error {
		rows, err := tx.Search(nil, register.Narrow{}, words, "", 100)
		for _, r := range rows {
			got = append(got, strings.TrimPrefix(string(r.Incident), "2026-0000"))
		}
		return err
	})
	return got
}

func found(t *testing.T, p Place) {
	for _, title := range []string{
		"Declaración tomada en el café",        // 01
		"Traffic stop, 26th St. & Kedzie Ave.", // 02
		"警察在北京路停车",                             // 03
		"Straße gesperrt; ΠΟΛΙΤΗΣ",             // 04
		"O'Hare terminal 3: chemical residue",  // 05
		"Ｆｕｌｌｗｉｄｔｈ ﬁle № ½",                    // 06
		"ตำรวจจราจร",                           // 07
		"경찰 신고",                                // 08
		"naïve NAÏVE na\u0131ve",               // 09
		"plate ABC-1234_x and __underscores",   // 10
	} {
		incident(t, p, title)
	}
	for _, tc := range []struct {
		query string
		want  string
	}{
		{"cafe", "01"}, {"CAFÉ declaracion", "01"}, {"cafe\u0301", "01"}, {"declar", "01"}, {"declar cafe", ""},
		{"traffic st", "02"}, {"st traffic", "02"}, {"st. kedzie", "02"}, {"26", "02"}, {"26th", "02"}, {"6th", ""},
		{"北京", "03"}, {"警察", "03"}, {"京北", ""}, {"警", "03"}, {"车", "03"}, {"在北京路", "03"}, {"北路", ""},
		{"strasse", "04"}, {"STRASSE gesperrt", "04"}, {"πολιτησ", "04"}, {"πολίτης", "04"},
		{"o'hare", "05"}, {"hare o", "05"}, {"ohare", ""}, {"residue chem", "05"}, {"3 terminal", "05"},
		{"fullwidth file", "06"}, {"no", "06"}, {"12 fullwidth", ""},
		{"ตำรวจ", "07"}, {"จราจร", "07"},
		{"경찰", "08"}, {"신고 경찰", "08"},
		{"naive", "09"},
		{"abc 1234", "10"}, {"1234 x", "10"}, {"underscores", "10"}, {"stop", "02"},
		{"nothing like it", ""},
	} {
		if got := strings.Join(find(t, p, tc.query), " "); got != tc.want {
			t.Errorf("search %q: found %q, want %q", tc.query, got, tc.want)
		}
	}
}

func beginnings(t *testing.T, p Place) {
	var many strings.Builder
	for i := range 300 {
		fmt.Fprintf(&many, "zz%03d ", i)
	}
	incident(t, p, many.String()) // 01
	incident(t, p, "zz150x zzz")  // 02
	incident(t, p, "zy and za_")  // 03
	for query, want := range map[string]string{"z": "03 02 01", "zz": "02 01", "zz1": "02 01", "zz15": "02 01", "zz150": "02 01", "zz150x": "02", "zz300": "", "zzz zz15": "02", "zz15 zzz": "", "zz150x zz": "02", "and z": "03"} {
		if got := strings.Join(find(t, p, query), " "); got != want {
			t.Errorf("search %q: found %q, want %q", query, got, want)
		}
	}
}

func noSyntax(t *testing.T, p Place) {
	incident(t, p, "A stop near a school")
	for _, query := range []string{"stop OR nothing", "stop AND school", `"stop`, "stop* nothing", "stop:school", "NOT stop", "school NEAR stop", "stop & !school", "(stop", "^stop", "words:stop", "-stop nothing", "'stop''; drop table event; --"} {
		var want []string
		switch query {
		case `"stop`, "stop:school", "school NEAR stop", "(stop", "^stop", "stop & !school":
			want = []string{"01"}
		}
		if got := find(t, p, query); !slices.Equal(got, want) {
			t.Errorf("search %q: found %v, want %v", query, got, want)
		}
	}
	read(t, p, func(tx *register.Tx) error {
		for _, query := range []string{"", " ", "—", "'\"*", "\u0301"} {
			_, err := tx.Search(nil, register.Narrow{}, query, "", 10)
			wantKind(t, fmt.Sprintf("search %q", query), err, jurat.Invalid)
		}
		_, err := tx.Search(nil, register.Narrow{}, "stop", "nonsense", 10)
		wantKind(t, "search after nonsense", err, jurat.Invalid)
		return nil
	})
}

func narrowed(t *testing.T, p Place) {
	day := 24 * time.Hour
	var all []jurat.IncidentNumber
	for i := range 8 { // opened a day apart; every other one closed; one of those open again; every third says more
		in := ""
		write(t, p, func(tx *register.Tx) error {
			number, err := tx.NextIncident(2026)
			must(t, err)
			in = string(number)
			e := Event(t, NewID(), number, 0, jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}, "a stop")
			e.At, e.Search, e.Title = Noon.Add(time.Duration(i)*day), "a stop", "a stop"
			return tx.Append(e)
		})
		number := jurat.IncidentNumber(in)
		all = append(all, number)
		item := jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)}
		act := func(act jurat.Act) { // long after, so that no later moment is taken for the opening's
			add(t, p, number, item, "a stop", says("a stop"), func(e *register.EventRow) { e.Act, e.At = act, Noon.Add(100*day) })
		}
		if i%2 == 1 {
			act(jurat.IncidentClosed)
		}
		if i == 5 {
			act(jurat.IncidentReopened)
		}
		if i%3 == 0 {
			add(t, p, number, record(number, 1), "again", says("a stop again"))
		}
	}
	whole := func(n register.Narrow, i int) bool {
		closed := i%2 == 1 && i != 5
		for _, b := range n.Opened {
			at := Noon.Add(time.Duration(i) * day)
			if !b.From.IsZero() && at.Before(b.From) || !b.Until.IsZero() && !at.Before(b.Until) {
				return false
			}
		}
		return n.State == "" || closed == (n.State == jurat.IncidentIsClosed)
	}
	moments := []time.Time{{}, Noon, Noon.Add(time.Microsecond), Noon.Add(3 * day), Noon.Add(6*day + day/2), Noon.Add(50 * day)}
	hidden := register.Hidden{all[2], all[3]}
	read(t, p, func(tx *register.Tx) error {
		lists := map[string]func(register.Narrow, jurat.IncidentNumber) ([]register.IncidentRow, error){
			"listed": func(n register.Narrow, after jurat.IncidentNumber) ([]register.IncidentRow, error) {
				return tx.NarrowedIncidents(hidden, n, after, 2)
			},
			"found": func(n register.Narrow, after jurat.IncidentNumber) ([]register.IncidentRow, error) {
				return tx.Search(hidden, n, "stop", after, 2)
			},
		}
		for _, state := range []jurat.IncidentState{"", jurat.IncidentIsOpen, jurat.IncidentIsClosed} {
			for _, from := range moments {
				for _, until := range moments {
					n := register.Narrow{State: state, Opened: []register.Between{{From: from}, {Until: until}}}
					var want []jurat.IncidentNumber
					for i, in := range all {
						if whole(n, i) && !slices.Contains(hidden, in) {
							want = append(want, in)
						}
					}
					slices.Reverse(want)
					for name, list := range lists {
						var got []jurat.IncidentNumber
						for after := jurat.IncidentNumber(""); ; {
							page, err := list(n, after)
							must(t, err)
							for _, row := range page {
								got = append(got, row.Incident)
							}
							if len(page) < 2 {
								break
							}
							after = page[1].Incident
						}
						if !slices.Equal(got, want) {
							t.Errorf("%s, narrowed to %+v: %v, want %v", name, n, got, want)
						}
					}
				}
			}
		}
		return nil
	})
}

func says(text string) func(*register.EventRow) {
	return func(e *register.EventRow) { e.Search, e.Title = text, text }
}

func whichMatched(t *testing.T, p Place) {
	first, second := incident(t, p, "A stop"), incident(t, p, "A stop near a school")
	add(t, p, first, record(first, 1), 1, says("a blue van"))
	add(t, p, first, record(first, 2), 1, says("a green van"))
	read(t, p, func(tx *register.Tx) error {
		for query, want := range map[string]map[jurat.IncidentNumber]jurat.Item{
			"van":  {first: record(first, 2)},
			"blue": {first: record(first, 1)},
			"stop": {first: {Noun: jurat.NounIncident, ID: jurat.ItemID(first)}, second: {Noun: jurat.NounIncident, ID: jurat.ItemID(second)}},
		} {
			rows, err := tx.Search(nil, register.Narrow{}, query, "", 10)
			if err != nil {
				return err
			}
			got := map[jurat.IncidentNumber]jurat.Item{}
			for _, row := range rows {
				got[row.Incident] = row.Match
			}
			if !maps.Equal(got, want) {
				t.Errorf("search %q: matched %v, want %v", query, got, want)
			}
		}
		return nil
	})
}

func lastText(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	add(t, p, in, record(in, 1), 1, says("a blue van"))
	add(t, p, in, record(in, 1), 2, says("a green van"))
	add(t, p, in, record(in, 1), 3) // an act that says nothing of its text
	for query, want := range map[string]int{"blue": 0, "green": 1, "van": 1} {
		if got := find(t, p, query); len(got) != want {
			t.Errorf("search %q: found %v", query, got)
		}
	}
}

func sealedNotFound(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	add(t, p, in, record(in, 1), 1, says("statement of a bystander"), func(e *register.EventRow) {
		e.Sealed = []register.SealedPart{{Class: jurat.ClassIdentity, Key: []byte("k"), Body: []byte("Quillfeather")}}
	})
	if got := find(t, p, "quillfeather"); got != nil {
		t.Errorf("found %v", got)
	}
	if n := count(t, p, "select count(*) from search_doc where words like '%quillfeather%' or title like '%Quillfeather%'"); n != 0 {
		t.Error("a sealed part is in the index")
	}
}

func foundByPage(t *testing.T, p Place) {
	for i := range 9 {
		in := incident(t, p, fmt.Sprintf("A stop, number %d", i))
		for k := range 30 { // many items of one incident are one line
			if i%2 == 0 {
				add(t, p, in, record(in, k+1), k, says("a stop again"))
			}
		}
	}
	read(t, p, func(tx *register.Tx) error {
		var got []string
		var after jurat.IncidentNumber
		for {
			page, err := tx.Search(nil, register.Narrow{}, "stop", after, 2)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				got = append(got, string(r.Incident[10:]))
			}
			after = page[len(page)-1].Incident
		}
		if strings.Join(got, "") != "987654321" {
			t.Errorf("found %v", got)
		}
		return nil
	})
}

func itemsFound(t *testing.T, p Place) {
	a, b := incident(t, p, "A van"), incident(t, p, "A van")
	for n := range 5 {
		add(t, p, a, record(a, n+1), n, says(fmt.Sprintf("van %d", n)))
	}
	add(t, p, b, record(b, 1), 1, says("van 9"))
	read(t, p, func(tx *register.Tx) error {
		var got []string
		q := register.Query{Text: "van", Noun: jurat.NounRecord, Incident: a, Limit: 2}
		for {
			hits, err := tx.SearchItems(q)
			must(t, err)
			for _, h := range hits {
				got = append(got, h.Title)
				q.Before = h.N
			}
			if len(hits) < q.Limit {
				break
			}
		}
		if strings.Join(got, ", ") != "van 4, van 3, van 2, van 1, van 0" {
			t.Errorf("found %v", got)
		}
		hits, err := tx.SearchItems(register.Query{Text: "van", Limit: 100})
		if err != nil || len(hits) != 8 || hits[0].Incident != b || hits[0].Item != record(b, 1) || !hits[0].At.Equal(Noon) {
			t.Errorf("found %+v, %v", hits, err)
		}
		return nil
	})
}

func reindexed(t *testing.T, p Place) {
	in := incident(t, p, "A stop")
	write(t, p, func(tx *register.Tx) error { return tx.Reindex() })
	if got := find(t, p, "stop"); got != nil {
		t.Errorf("found %v in an empty index", got)
	}
	write(t, p, func(tx *register.Tx) error {
		row, err := tx.Item(jurat.Item{Noun: jurat.NounIncident, ID: jurat.ItemID(in)})
		if err != nil {
			return err
		}
		return tx.Index(register.EventRow{ID: row.Event, Incident: in, Item: row.Item, Search: "A stop", Title: "A stop"})
	})
	if got := find(t, p, "stop"); len(got) != 1 {
		t.Errorf("found %v", got)
	}
}

func derivedRead(t *testing.T, p Place) {
	first, second := incident(t, p, "Café stop"), incident(t, p, "Another")
	for n := range 3 {
		write(t, p, func(tx *register.Tx) error {
			h, err := tx.Lock(first)
			if err != nil {
				return err
			}
			id, err := tx.NextItem(first, jurat.NounRecord)
			if err != nil {
				return err
			}
			e := Event(t, NewID(), first, h.Seq+1, jurat.Item{Noun: jurat.NounRecord, ID: id}, n)
			e.Search = fmt.Sprintf("words %d", n)
			return tx.Append(e)
		})
	}
	write(t, p, func(tx *register.Tx) error { return tx.SetMeta("b", "2") })
	write(t, p, func(tx *register.Tx) error { return tx.SetMeta("a", "1") })
	read(t, p, func(tx *register.Tx) error {
		docs, err := tx.Documents(first)
		if err != nil || len(docs) != 4 || docs[0].Title != "Café stop" || docs[0].Words != "cafe stop" || docs[0].Item.ID != jurat.ItemID(first) || docs[3].Words != "2 words" {
			t.Errorf("Documents: %+v, %v", docs, err)
		}
		if docs, err = tx.Documents(second); err != nil || len(docs) != 1 {
			t.Errorf("Documents of another incident: %+v, %v", docs, err)
		}
		if n, err := tx.StrayDocuments(); n != 0 || err != nil {
			t.Errorf("StrayDocuments: %d, %v", n, err)
		}
		if counts, err := tx.Counts(first); len(counts) != 1 || counts[jurat.NounRecord] != 3 || err != nil {
			t.Errorf("Counts: %v, %v", counts, err)
		}
		if counts, err := tx.Counts(second); len(counts) != 0 || err != nil {
			t.Errorf("Counts of an incident without items: %v, %v", counts, err)
		}
		if n, err := tx.IncidentCounter(2026); n != 2 || err != nil {
			t.Errorf("IncidentCounter: %d, %v", n, err)
		}
		var series, facts []string
		if err := tx.EachCounter(func(name string, n int64) error { series = append(series, fmt.Sprintf("%s %d", name, n)); return nil }); err != nil {
			return err
		}
		if want := []string{"incident 2026 2"}; !slices.Equal(series, want) {
			t.Errorf("EachCounter: %q, want %q", series, want)
		}
		err = tx.EachMeta(func(name, value string) error { facts = append(facts, name+" "+value); return nil })
		if want := []string{"a 1", "b 2"}; !slices.Equal(facts, want) {
			t.Errorf("EachMeta: %q, want %q", facts, want)
		}
		return err
	})
	if _, err := p.Raw.ExecContext(t.Context(), "update search_doc set incident = '"+string(second)+"' where item = '"+string(record(first, 1).ID)+"'"); err != nil {
		t.Fatal(err)
	}
	read(t, p, func(tx *register.Tx) error {
		if n, err := tx.StrayDocuments(); n != 1 || err != nil {
			t.Errorf("StrayDocuments after one was moved: %d, %v", n, err)
		}
		return nil
	})
}
