package main

import (
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"jurat"
	"jurat/format"
	"jurat/internal/numbers"
)

// vocabulary lets help texts name the law's closed lists without repeating
// them.
func vocabulary() kong.Vars {
	list := func(name string) string { return strings.Join(jurat.Lists()[name], ", ") }
	return kong.Vars{
		"triggers": list("trigger"), "knowledge": list("knowledge"), "statuses": list("allegation_status"),
		"functions": joined(jurat.Functions[:]), "classes": joined(jurat.Classes[1:]), "sides": joined(jurat.Sides[:]), "uses": joined(jurat.Uses[:]),
		"scopes": joined(jurat.Scopes[:]), "answers": joined(jurat.Answers()), "claims": joined(format.Claims[:]),
	}
}

func joined[S ~string](list []S) string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return strings.Join(all, ", ")
}

// mappers read the words of a command line that have a spelling of their own,
// so that a misspelt one is refused before anything is opened.
func mappers() []kong.Option {
	return []kong.Option{mapper(jurat.ParseIncidentNumber), mapper(jurat.ParseClass), mapper(moment), mapper(jurat.ParseItem), mapper(numbers.ParsePeriod), mapper(evidence)}
}

func mapper[T any](read func(string) (T, error)) kong.Option {
	return kong.TypeMapper(reflect.TypeFor[T](), kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
		var word string
		if err := ctx.Scan.PopValueInto("a value", &word); err != nil {
			return err
		}
		v, err := read(word)
		if err != nil {
			return err
		}
		target.Set(reflect.ValueOf(v))
		return nil
	}))
}

// moment reads a time a person typed: RFC 3339, or a date and time of day in
// the machine's zone. The zero time, when nothing was typed, is "not stated".
func moment(s string) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, time.Local); err == nil {
			return t, nil
		}
	}
	return time.Time{}, jurat.Errorf(jurat.Invalid, "%q is no time; write 2026-11-22T22:10:00-06:00, or 2026-11-22 22:10", s)
}

// evidence reads ITEM or ITEM@FROM-TO, in seconds.
func evidence(s string) (jurat.Evidence, error) {
	name, span, timed := strings.Cut(s, "@")
	it, err := jurat.ParseItem(name)
	if err != nil {
		return jurat.Evidence{}, err
	}
	e := jurat.Evidence{Item: it}
	if timed {
		a, b, _ := strings.Cut(span, "-")
		from, err := strconv.Atoi(a)
		to, err2 := strconv.Atoi(b)
		if err != nil || err2 != nil || from < 0 || to < from {
			return e, jurat.Errorf(jurat.Invalid, "evidence %q: write an item, @, and seconds from-to, for example 2026-000001-E1@12-15", s)
		}
		e.From, e.To = &from, &to
	}
	return e, nil
}

// pair reads SYSTEM:KEY.
func pair(s string) (system, key string, err error) {
	system, key, ok := strings.Cut(s, ":")
	if !ok || system == "" || key == "" {
		return "", "", jurat.Errorf(jurat.Invalid, "--held-elsewhere %q: write SYSTEM:KEY", s)
	}
	return system, key, nil
}

// stated is a text, or that it is not stated.
func stated(s string) string {
	if s == "" {
		return "not stated"
	}
	return s
}

// day is a moment for people, in the machine's zone.
func day(t time.Time) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.Local().Format("2006-01-02 15:04")
}

const timeLayout = "2006-01-02T15:04:05.999999Z07:00"
