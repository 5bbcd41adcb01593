package register_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"jurat"
	"jurat/internal/register"
	"jurat/internal/register/registertest"
)

// Two cities with different engines must find the same things.
func TestBothEnginesFindTheSame(t *testing.T) {
	const docs = 6
	engines := []*register.Register{sqlitePlace(t).Register, postgresPlace(t).Register}
	var rows [docs]register.EventRow
	for i := range rows {
		in := jurat.NewIncidentNumber(2026, i/2+1)
		rows[i] = registertest.Event(t, registertest.NewID(), in, int64(i%2), jurat.Item{Noun: jurat.NounRecord, ID: jurat.NumberItem(in, jurat.NounRecord, i%2+1)}, i)
	}
	for _, r := range engines {
		if err := r.Write(t.Context(), func(tx *register.Tx) error {
			for i, e := range rows {
				if i%2 == 0 {
					if _, err := tx.NextIncident(2026); err != nil {
						return err
					}
				}
				if err := tx.Append(e); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}

	// Few letters of many kinds, so that queries hit.
	character := rapid.SampledFrom([]rune("aAbB1é\u0301ßſﬁIİıΣςσ北京市警ー가한ไทยकािमﷺ½² \t-_'\"*:&|!()\\/%\u200d\ufeff😀"))
	word := rapid.StringOfN(character, 0, 6, -1)
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(word, rapid.StringN(0, 4, -1)), 0, 5).Draw(t, "words"), " ")
	})
	rapid.Check(t, func(t *rapid.T) {
		var texts [docs]string
		for i := range texts {
			texts[i] = strings.ReplaceAll(strings.ToValidUTF8(text.Draw(t, "text"), "?"), "\x00", "")
		}
		query := strings.ToValidUTF8(rapid.OneOf(text, rapid.SampledFrom(texts[:]), word).Draw(t, "query"), "?")
		var answers [2][]string
		var kinds [2]bool
		for k, r := range engines {
			err := r.Write(t.Context(), func(tx *register.Tx) error {
				answers[k] = nil
				if err := tx.Reindex(); err != nil {
					return err
				}
				for i, e := range rows {
					e.Search = texts[i]
					if err := tx.Index(e); err != nil {
						return err
					}
				}
				hits, err := tx.SearchItems(register.Query{Text: query, Limit: 100})
				if kinds[k] = err != nil; kinds[k] {
					return nil
				}
				for _, h := range hits {
					answers[k] = append(answers[k], string(h.Item.ID))
				}
				return nil
			})
			if err != nil {
				t.Fatalf("engine %s: %v", r.Engine(), err)
			}
		}
		if !slices.Equal(answers[0], answers[1]) || kinds != [2]bool{kinds[0], kinds[0]} {
			t.Fatalf("search %q in %q:\nsqlite   %v %v\npostgres %v %v", query, texts, answers[0], kinds[0], answers[1], kinds[1])
		}
		// What was searched for as it was written is found.
		for i, text := range texts {
			if text == query && !kinds[0] && !slices.Contains(answers[0], string(rows[i].Item.ID)) {
				t.Fatalf("%q does not find itself in %q: %v", query, texts, answers[0])
			}
		}
	})
}

func TestWordsAreSpelledInLettersBothEnginesAgreeOn(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"Stop, STOP; stop.":       "stop",
		"Café Straße ﬁle ２６":      "26 cafe file strasse",
		"北京市":                     "_004eac_005e02 _005317_004eac _005e02",
		"a_b O'Hare":              "a b hare o",
		"ümlaut Ж":                "_000436 umlaut",
		strings.Repeat("x", 1000): strings.Repeat("x", 48),
	} {
		if got := strings.Join(register.Words(text), " "); got != want {
			t.Errorf("words of %q: %q, want %q", text, got, want)
		}
	}
	long := make([]string, 100_000)
	for i := range long {
		long[i] = "w" + strings.Repeat("0", i%7) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + string(rune('a'+i/17576%26))
	}
	if got := len(strings.Join(register.Words(strings.Join(long, " ")), " ")); got > 1<<18 || got < 1<<17 {
		t.Errorf("a long text has %d bytes of words", got)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Café 北京 O'Hare")
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range register.Words(text) {
			if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
				t.Errorf("word %q of %q", w, text)
			}
		}
	})
}
