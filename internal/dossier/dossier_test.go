package dossier_test

import (
	"testing"

	"jurat/internal/dossier"
)

func say(t *testing.T, r dossier.Report) {
	t.Helper()
	for _, f := range r.Findings {
		t.Logf("%s: %s: %s", f.Answer, f.Where, f.What)
	}
}

func TestADossierThatWasJustBuiltIsIntact(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	for name, o := range map[string]dossier.Options{"without trust": {}, "with trust": {Trust: trustOf(t, nil, c)}} {
		t.Run(name, func(t *testing.T) {
			r := dossier.Verify(t.Context(), path, o)
			if r.Answer != dossier.Intact || len(r.Findings) != 0 {
				say(t, r)
				t.Fatalf("answer %q", r.Answer)
			}
			for _, n := range r.NotChecked {
				t.Log("not checked:", n)
			}
			for _, n := range r.Notes {
				t.Log("note:", n)
			}
		})
	}
}
