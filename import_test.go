package jurat_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"jurat"
)

func TestAnImportHoldsTheRowsItStates(t *testing.T) {
	whole := jurat.Import{ID: "import-1", Kind: "roster", File: jurat.DigestOf([]byte("file")), Zone: "America/Chicago", Rows: json.RawMessage(`[{"row":1},{"row":2}]`), Accepted: 2, Refused: 1, Dropped: []string{"name"}}
	with := func(change func(*jurat.Import)) jurat.Import {
		i := whole
		change(&i)
		return i
	}
	for _, tc := range []struct {
		name string
		in   jurat.Import
		by   jurat.Hand
		want error
	}{
		{"whole", whole, evidence, nil},
		{"by nobody", whole, jurat.Hand{}, jurat.Forbidden},
		{"another number of rows", with(func(i *jurat.Import) { i.Accepted = 3 }), evidence, jurat.Invalid},
		{"no rows", with(func(i *jurat.Import) { i.Accepted, i.Rows = 0, json.RawMessage(`[]`) }), evidence, jurat.Invalid},
		{"rows that are none", with(func(i *jurat.Import) { i.Rows = json.RawMessage(`{}`) }), evidence, jurat.Invalid},
		{"no name", with(func(i *jurat.Import) { i.ID = "" }), evidence, jurat.Invalid},
		{"no file", with(func(i *jurat.Import) { i.File = jurat.Digest{} }), evidence, jurat.Invalid},
		{"no zone", with(func(i *jurat.Import) { i.Zone = " " }), evidence, jurat.Invalid},
		{"too large", with(func(i *jurat.Import) { i.Accepted, i.Rows = 1, json.RawMessage(`["`+strings.Repeat("a", 9<<20)+`"]`) }), evidence, jurat.Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, ev, err := jurat.AddImport(tc.in, tc.by, night)
			if !errors.Is(err, tc.want) {
				t.Fatalf("AddImport: %v, want %v", err, tc.want)
			}
			if err != nil {
				return
			}
			if ev.Act != jurat.ImportAdded || ev.Incident != "" || ev.Item != got.Item() || got.By != tc.by.Person || !got.At.Equal(jurat.At(night)) {
				t.Errorf("it left %+v, %+v", got, ev)
			}
			got.Rows[0] = 'x'
			if ev.Value.(jurat.Import).Rows[0] != '[' {
				t.Error("the event shares its rows")
			}
		})
	}
}
