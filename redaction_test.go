package jurat_test

import (
	"errors"
	"strings"
	"testing"

	"jurat"
)

func madeOf(x jurat.Exhibit, purpose string) jurat.Derivation {
	return jurat.Derivation{Purpose: purpose, Source: x.Digest, Tools: []string{"a tool 1.0"}, Settings: []string{"-a 1"}, Remarks: []string{"look at it"}}
}

func redacted(t testing.TB) jurat.Exhibit {
	t.Helper()
	x, ev, err := aPhoto(t).Derive(id(jurat.NounExhibit, 3), madeOf(aPhoto(t), jurat.PurposeRedaction), jurat.DigestOf([]byte("less")), 4, "image/png", evidence, night)
	return must(t, x, ev, err)
}

func someEdits() jurat.EditList {
	return jurat.EditList{Version: 1, Frame: jurat.Size{Width: 20, Height: 10}, Edits: []jurat.Edit{
		{Kind: jurat.EditBox, Reason: "7-1-c", Keyframes: []jurat.Keyframe{{Box: jurat.Box{X: 1, Y: 2, Width: 3, Height: 4}}}},
		{Kind: jurat.EditExcept, Reason: "7-1-c", Keep: []jurat.Box{{X: 0, Y: 0, Width: 20, Height: 10}}},
	}}
}

func aRedaction(t testing.TB) jurat.Redaction {
	t.Helper()
	r, ev, err := jurat.MakeRedaction(id(jurat.NounRedaction, 1), aPhoto(t), redacted(t), someEdits(), jurat.Inspection{Frames: 1, Filled: 1, Remarks: []string{"look at it"}}, evidence, night)
	return must(t, r, ev, err)
}

func reviewed(t testing.TB) jurat.Redaction {
	t.Helper()
	r, ev, err := aRedaction(t).Review(counsel, night)
	return must(t, r, ev, err)
}

func TestDeriving(t *testing.T) {
	derive := func(change func(d *jurat.Derivation), size int64) func(jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
		return func(x jurat.Exhibit) (jurat.Exhibit, jurat.Event, error) {
			d := madeOf(x, jurat.PurposePreview)
			change(&d)
			return x.Derive(id(jurat.NounExhibit, 4), d, jurat.DigestOf([]byte("small")), size, "image/jpeg", evidence, morning)
		}
	}
	same := func(*jurat.Derivation) {}
	book(t, []deed[jurat.Exhibit]{
		{"a preview names its source, and is no footage", aPhoto(t), derive(same, 5), "", func(t *testing.T, x jurat.Exhibit, _ jurat.Event) {
			if x.DerivedFrom != aPhoto(t).ID || x.Kind != "preview" || x.Derivation.Source != aPhoto(t).Digest {
				t.Errorf("derived is %+v", x)
			}
		}},
		{"of what is held elsewhere", footage(t), derive(same, 5), jurat.Conflict, nil},
		{"of a copy", redacted(t), derive(same, 5), jurat.Conflict, nil},
		{"of other bytes", aPhoto(t), derive(func(d *jurat.Derivation) { d.Source = jurat.DigestOf(nil) }, 5), jurat.Altered, nil},
		{"for no purpose", aPhoto(t), derive(func(d *jurat.Derivation) { d.Purpose = "fun" }, 5), jurat.Invalid, nil},
		{"with nothing", aPhoto(t), derive(func(d *jurat.Derivation) { d.Tools = nil }, 5), jurat.Invalid, nil},
		{"of no bytes", aPhoto(t), derive(same, 0), jurat.Invalid, nil},
	})
}

func TestProbing(t *testing.T) {
	var none jurat.Probe
	probe := func(x jurat.Exhibit, p jurat.Probe, sealed map[jurat.Class]any) func(jurat.Probe) (jurat.Probe, jurat.Event, error) {
		return func(jurat.Probe) (jurat.Probe, jurat.Event, error) { return x.Probed(p, sealed, evidence, night) }
	}
	of := jurat.Probe{Digest: aPhoto(t).Digest, Answer: jurat.ProbeRead, Remarks: []string{"x"}}
	for _, tc := range []struct {
		name   string
		x      jurat.Exhibit
		p      jurat.Probe
		sealed map[jurat.Class]any
		want   error
	}{
		{"what it says", aPhoto(t), of, map[jurat.Class]any{jurat.ClassExactAddress: map[string]any{"latitude": 1}}, nil},
		{"of other bytes", aPhoto(t), jurat.Probe{Answer: jurat.ProbeRead}, nil, jurat.Altered},
		{"of what is elsewhere", footage(t), of, nil, jurat.Conflict},
		{"with no answer", aPhoto(t), jurat.Probe{Digest: aPhoto(t).Digest, Answer: "fine"}, nil, jurat.Invalid},
		{"with a sealed part of no class", aPhoto(t), of, map[jurat.Class]any{"secret": 1}, jurat.Invalid},
		{"with what may not be held", aPhoto(t), of, map[jurat.Class]any{jurat.ClassIdentity: map[string]any{"live_location": 1}}, jurat.Invalid},
	} {
		p, ev, err := probe(tc.x, tc.p, tc.sealed)(none)
		if !isKind(err, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, err, tc.want)
		}
		if err == nil && (ev.Item != (jurat.Item{Noun: jurat.NounProbe, ID: tc.x.ID}) || p.Asserted != tc.x.Media || p.At.IsZero()) {
			t.Errorf("%s: %+v of %+v", tc.name, p, ev.Item)
		}
	}
}

func TestRedacting(t *testing.T) {
	make := func(copied jurat.Exhibit, l jurat.EditList) func(jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		return func(jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
			return jurat.MakeRedaction(id(jurat.NounRedaction, 1), aPhoto(t), copied, l, jurat.Inspection{}, evidence, night)
		}
	}
	review := func(by jurat.Hand) func(jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		return func(r jurat.Redaction) (jurat.Redaction, jurat.Event, error) { return r.Review(by, morning) }
	}
	back := func(why string, by jurat.Hand) func(jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		return func(r jurat.Redaction) (jurat.Redaction, jurat.Event, error) { return r.Return(why, by, morning) }
	}
	release := func(to string) func(jurat.Redaction) (jurat.Redaction, jurat.Event, error) {
		return func(r jurat.Redaction) (jurat.Redaction, jurat.Event, error) { return r.Release(to, records, morning) }
	}
	returned, ev, err := aRedaction(t).Return("a face", counsel, morning)
	returned = must(t, returned, ev, err)
	released, ev, err := reviewed(t).Release("request 17", records, morning)
	released = must(t, released, ev, err)
	unreasoned := someEdits()
	unreasoned.Edits[1].Reason = ""
	var none jurat.Redaction
	book(t, []deed[jurat.Redaction]{
		{"made", none, make(redacted(t), someEdits()), "", nil},
		{"of what is no copy", none, make(aPhoto(t), someEdits()), jurat.Invalid, nil},
		{"an edit without a reason (LAW-4)", none, make(redacted(t), unreasoned), jurat.Invalid, nil},
		{"a second person looked at it", aRedaction(t), review(counsel), "", nil},
		{"its maker looked at it", aRedaction(t), review(evidence), jurat.Forbidden, nil},
		{"looked at twice", reviewed(t), review(records), jurat.Conflict, nil},
		{"returned", aRedaction(t), back("a face", counsel), "", nil},
		{"returned for nothing", aRedaction(t), back(" ", counsel), jurat.Invalid, nil},
		{"returned by its maker", aRedaction(t), back("a face", evidence), jurat.Forbidden, nil},
		{"returned after review", reviewed(t), back("a face", records), jurat.Conflict, nil},
		{"released", reviewed(t), release("request 17"), "", nil},
		{"released again", released, release("request 18"), "", func(t *testing.T, r jurat.Redaction, _ jurat.Event) {
			if len(r.Releases) != 2 {
				t.Errorf("releases %+v", r.Releases)
			}
		}},
		{"released before a second person looked", aRedaction(t), release("request 17"), jurat.Conflict, nil},
		{"released after it was returned", returned, release("request 17"), jurat.Conflict, nil},
		{"released to nobody", reviewed(t), release(" "), jurat.Invalid, nil},
	})
}

func TestReadingAnEditList(t *testing.T) {
	box := `{"kind":"box","reason":"x","to_ms":9,"keyframes":[{"at_ms":1,"x":0,"y":0,"width":5,"height":5},{"at_ms":4,"x":15,"y":5,"width":5,"height":5}]}`
	list := func(edits string) string {
		return `{"version":1,"frame":{"width":20,"height":10},"edits":[` + edits + `]}`
	}
	for name, tc := range map[string]struct{ text, say string }{
		"a moving box":                    {list(box), ""},
		"a silence needs no picture":      {`{"version":1,"edits":[{"kind":"mute","reason":"x","from_ms":1,"to_ms":2}]}`, ""},
		"all but a part":                  {list(`{"kind":"except","reason":"x","from_ms":0,"to_ms":2,"keep":[{"x":0,"y":0,"width":1,"height":1}]}`), ""},
		"nothing":                         {list(``), "nothing to make"},
		"another version":                 {`{"version":2,"edits":[]}`, "version 2"},
		"no JSON":                         {`edits`, "must be one JSON object"},
		"an unknown key":                  {list(`{"kind":"mute","reason":"x","from":1,"to_ms":2}`), "cannot be read"},
		"a key that stands twice":         {list(`{"kind":"mute","kind":"box","reason":"x","to_ms":2}`), "twice"},
		"something after its end":         {list(box) + `{}`, "must be one JSON object"},
		"no reason":                       {list(`{"kind":"mute","from_ms":1,"to_ms":2}`), "edit 1 has no reason"},
		"a blur":                          {list(`{"kind":"blur","reason":"x"}`), `edit 1 is "blur": want box, except or mute`},
		"a box without a place":           {list(`{"kind":"box","reason":"x","to_ms":2}`), "needs a keyframe"},
		"a box outside":                   {list(`{"kind":"box","reason":"x","to_ms":2,"keyframes":[{"x":16,"y":0,"width":5,"height":5}]}`), "does not lie in a picture of 20 by 10"},
		"a box of nothing":                {list(`{"kind":"box","reason":"x","to_ms":2,"keyframes":[{"x":1,"y":0,"width":0,"height":5}]}`), "does not lie in"},
		"a box that overflows":            {list(`{"kind":"box","reason":"x","to_ms":2,"keyframes":[{"x":9223372036854775807,"y":0,"width":9223372036854775807,"height":5}]}`), "does not lie in"},
		"a box that ends with its last":   {list(strings.Replace(box, `"to_ms":9`, `"to_ms":4`, 1)), "ends at 4 ms"},
		"keyframes that run backwards":    {list(strings.Replace(box, `"at_ms":4`, `"at_ms":1`, 1)), "must follow each other"},
		"a box on a picture of no size":   {`{"version":1,"edits":[` + box + `]}`, "does not lie in a picture of 0 by 0"},
		"all but, on a picture of none":   {`{"version":1,"edits":[{"kind":"except","reason":"x","to_ms":2}]}`, "set frame"},
		"silence that ends as it begins":  {list(`{"kind":"mute","reason":"x","from_ms":2,"to_ms":2}`), "later end"},
		"all but, that ends as it begins": {list(`{"kind":"except","reason":"x","from_ms":2,"to_ms":2}`), "ends before it begins"},
		"a time before the start":         {list(`{"kind":"mute","reason":"x","from_ms":-1,"to_ms":2}`), "whole milliseconds"},
		"a time nobody films to":          {list(`{"kind":"mute","reason":"x","from_ms":1,"to_ms":9000000000000}`), "whole milliseconds"},
		"keyframes of a silence":          {list(`{"kind":"mute","reason":"x","from_ms":1,"to_ms":2,"keyframes":[{"x":0,"y":0,"width":1,"height":1}]}`), "keyframes are a box's"},
		"a fraction of a millisecond":     {list(`{"kind":"mute","reason":"x","from_ms":1.5,"to_ms":2}`), "cannot be read"},
		"too many edits":                  {list(strings.Repeat(`{"kind":"mute","reason":"x","from_ms":1,"to_ms":2},`, 1000) + `{"kind":"mute","reason":"x","from_ms":1,"to_ms":2}`), "at most 1000"},
	} {
		_, err := jurat.ParseEdits([]byte(tc.text))
		if tc.say == "" && err != nil || tc.say != "" && (!errors.Is(err, jurat.Invalid) || !strings.Contains(err.Error(), tc.say)) {
			t.Errorf("%s: %v, want %q", name, err, tc.say)
		}
	}
}
