package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/desk"
)

// mostSaid is how many people's words one report brings; more are added on the
// incident's page.
const mostSaid = 20

// A quickSaid is what somebody said, as a draft has it beside its questions.
type quickSaid struct {
	N                             int
	Side, Words, Verbatim, Source string
}

// Name is the name of an input of it.
func (s quickSaid) Name(field string) string { return saidName(s.N, field) }

// Given reports whether anything was said.
func (s quickSaid) Given() bool { return strings.TrimSpace(s.Words) != "" }

func saidName(n int, field string) string { return "said." + strconv.Itoa(n) + "." + field }

var saidFields = []string{"side", "words", "verbatim", "source"}

// saidOf is what a draft has of what people said.
func saidOf(values url.Values) []quickSaid {
	var all []quickSaid
	for n := 1; n <= mostSaid; n++ {
		one := quickSaid{n, values.Get(saidName(n, "side")), values.Get(saidName(n, "words")), values.Get(saidName(n, "verbatim")), values.Get(saidName(n, "source"))}
		if one.Side+one.Words+one.Source != "" {
			all = append(all, one)
		}
	}
	return all
}

// saidForms are the forms for what people said: those filled in, and one more.
func saidForms(values url.Values) []quickSaid {
	all := saidOf(values)
	next := 1
	if len(all) > 0 {
		next = all[len(all)-1].N + 1
	}
	if next <= mostSaid {
		all = append(all, quickSaid{N: next})
	}
	return all
}

// keepSaid keeps in a draft what a form says that people said; a form without
// it leaves it as it was.
func keepSaid(values, f url.Values) {
	for n := 1; n <= mostSaid; n++ {
		if !f.Has(saidName(n, "words")) {
			continue
		}
		for _, field := range saidFields {
			values.Del(saidName(n, field))
			if given, ok := f[saidName(n, field)]; ok {
				values[saidName(n, field)] = given
			}
		}
	}
}

// said is what people said, as the desk takes it: each as stated by a side, to
// whoever writes the report unless they say where.
func (c *Counter) said(v *visit, values url.Values) []desk.StatedBy {
	var all []desk.StatedBy
	for _, s := range saidOf(values) {
		if !s.Given() {
			continue
		}
		one := desk.StatedBy{Side: s.Side, Statement: jurat.Statement{Text: s.Words, Verbatim: jurat.Answer(s.Verbatim), Source: strings.TrimSpace(s.Source)}}
		if !slices.Contains(jurat.Sides[:], one.Side) {
			one.Side = "other"
		}
		if one.Source == "" {
			one.Source = c.say(v, "said.to_author")
		}
		all = append(all, one)
	}
	return all
}
