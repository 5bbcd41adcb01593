package order

import (
	"slices"
	"strings"
	"testing"
)

// asked is small.yaml with another first question.
func asked(t *testing.T, question string) (*Order, Problems) {
	t.Helper()
	text := replaceOnce(t, read(t, "testdata/small.yaml"), "      - {id: q2, fields: [note.injury, note.called_at], ask: {en: Was anybody hurt?}}", question)
	return Parse("asked.yaml", []byte(text))
}

func TestADetailSaysOfWhichAnswersItIsAsked(t *testing.T) {
	o, ps := asked(t, `      - id: q2
        fields: [note.injury]
        ask: {en: Was anybody hurt?}
        details: [{field: note.called_at, when: ["yes"]}]`)
	if o == nil {
		t.Fatal(ps)
	}
	f, _ := o.Form(QuickForm)
	d := f.Questions[1].Details[0]
	for _, tc := range []struct {
		answers []string
		called  bool
	}{{nil, false}, {[]string{""}, false}, {[]string{"no"}, false}, {[]string{"unknown"}, false}, {[]string{"no", "yes"}, true}} {
		if got := len(d.Of(tc.answers)) > 0; got != tc.called {
			t.Errorf("answered %q: asked %t", tc.answers, got)
		}
	}
	// Without a list every answer but "unknown" calls for it, and those named.
	if got := (Condition{Not: []string{"none"}}).Of([]string{"none", "unknown", "hands"}); !slices.Equal(got, []string{"hands"}) {
		t.Errorf("meeting it: %v", got)
	}
}

// A question that is skipped by mistake is a question nobody was asked.
func TestAQuestionIsSkippedOnlyByWhatItNames(t *testing.T) {
	s := &Skip{Field: "a.b", Is: []string{"none"}}
	for _, tc := range []struct {
		answers []string
		skipped bool
	}{{nil, false}, {[]string{""}, false}, {[]string{"unknown"}, false}, {[]string{"none"}, true}, {[]string{"none", "fbi"}, false}} {
		if got := s.Skips(tc.answers); got != tc.skipped {
			t.Errorf("answered %q: skipped %t", tc.answers, got)
		}
	}
	if (*Skip)(nil).Skips([]string{"none"}) {
		t.Error("what has no skip is skipped")
	}
}

func TestWhatAQuestionCannotMeanIsRefused(t *testing.T) {
	for want, question := range map[string]string{
		`"yess" is no answer to note.injury`:       `      - {id: q2, fields: [note.injury], ask: {en: Hurt?}, details: [{field: note.called_at, when: [yess]}]}`,
		`names an answer, and note.name takes any`: `      - {id: q2, fields: [note.name], ask: {en: Who?}, details: [{field: note.called_at, when: [x]}]}`,
		`is asked by no earlier question`:          `      - {id: q2, fields: [note.injury], ask: {en: Hurt?}, unless: {field: note.called_at, is: ["x"]}}`,
		`either "is" one value or "same"`:          `      - {id: q2, fields: [note.injury], ask: {en: Hurt?}, implies: [{field: note.called_at, when: ["yes"]}]}`,
		`has no field "nothing"`:                   `      - {id: q2, fields: [note.injury], ask: {en: Hurt?}, details: [{field: note.nothing}]}`,
		`is asked twice in this form`:              `      - {id: q2, fields: [note.injury], ask: {en: Hurt?}, details: [{field: note.words}]}`,
		`beside "note.words"`:                      `      - {id: q2, fields: [note.injury, note.called_at], ask: {en: Hurt?}, beside: note.words}`,
	} {
		o, ps := asked(t, question)
		if o != nil || !strings.Contains(ps.String(), want) {
			t.Errorf("%s\naccepted %t, said: %s", question, o != nil, ps)
		}
	}
}

// A question that may stand beside another takes no number there, whichever
// order was adopted first, and is numbered where nothing is to stand beside.
func TestAQuestionBesideAnotherTakesNoNumber(t *testing.T) {
	first, second := *small(t), *small(t)
	first.Forms = []Form{{ID: QuickForm, Questions: []Question{{ID: "asked", Fields: []string{"help.what"}, Ask: Label{"en": "Asked for help?"}, Beside: "incident.event_number"}}}}
	second.ID = "example-2"
	second.Forms = []Form{{ID: QuickForm, Questions: []Question{{ID: "event", Fields: []string{"incident.event_number"}, Ask: Label{"en": "Number?"}}}}}
	third := first
	third.ID = "example-3"
	qs, ps := QuickReport(&first, &second, &third)
	if ps.Err() != nil || len(qs) != 1 || len(qs[0].Extras) != 1 || qs[0].Extras[0].ID != "asked" {
		t.Errorf("%+v, %v", qs, ps)
	}
	qs, _ = QuickReport(&first)
	if len(qs) != 1 || qs[0].Number != 1 || qs[0].ID != "asked" {
		t.Errorf("alone: %+v", qs)
	}
}
