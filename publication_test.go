package jurat_test

import (
	"errors"
	"strings"
	"testing"

	"jurat"
)

func TestNumbersArePublishedByAPersonWithWhatTheyAreCountedAt(t *testing.T) {
	whole := jurat.Published{ID: "publication-1", Period: "2026-Q1", Size: 40, Figures: `{"format":"jurat-numbers-1"}`}
	with := func(change func(*jurat.Published)) jurat.Published {
		p := whole
		change(&p)
		return p
	}
	for _, tc := range []struct {
		name string
		in   jurat.Published
		by   jurat.Hand
		want error
	}{
		{"whole", whole, evidence, nil},
		{"by nobody", whole, jurat.Hand{}, jurat.Forbidden},
		{"no name", with(func(p *jurat.Published) { p.ID = "import-1" }), evidence, jurat.Invalid},
		{"no period", with(func(p *jurat.Published) { p.Period = " " }), evidence, jurat.Invalid},
		{"no checkpoint", with(func(p *jurat.Published) { p.Size = 0 }), evidence, jurat.Invalid},
		{"no figures", with(func(p *jurat.Published) { p.Figures = "" }), evidence, jurat.Invalid},
		{"too large", with(func(p *jurat.Published) { p.Figures = `"` + strings.Repeat("a", 9<<20) + `"` }), evidence, jurat.Invalid},
	} {
		got, ev, err := jurat.PublishNumbers(tc.in, tc.by, night)
		if !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
		if err == nil && (ev.Act != jurat.NumbersPublished || ev.Incident != "" || ev.Item != got.Item() || got.Digest != jurat.DigestOf([]byte(whole.Figures)) || got.By != tc.by.Person) {
			t.Errorf("it left %+v, %+v", got, ev)
		}
	}
}
