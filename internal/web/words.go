package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// in is what the templates of one language may call.
func (w *words) in(lang string, zone *time.Location, a *assets) template.FuncMap {
	t := func(key string, gaps ...any) (string, error) { return w.say(lang, key, gaps...) }
	return template.FuncMap{
		"t":     t,
		"asset": a.address,
		// word is the label of a value of one of the law's lists.
		"word": func(list string, value any) (string, error) { return wordOf(t, list, fmt.Sprint(value)) },
		// options and radios are the choices of a list, now the one that was typed.
		"options": optionsOf,
		"radios": func(name, list string, values []string, now string) (template.HTML, error) {
			return radiosOf(t, name, list, values, now)
		},
		// told is a sentence of the law or the desk.
		"told": func(said string) template.HTML { return w.toldIn(lang, said) },
		// label is a text the order has in several languages.
		"label": func(l map[string]string) string { return labelIn(l, lang) },
		"hour":  func(at time.Time) template.HTML { return hourOf(at.In(zone)) },
		"when":  func(at time.Time) (template.HTML, error) { return w.when(lang, at.In(zone)) },
		"day":   func(at time.Time) (template.HTML, error) { return w.day(lang, at.In(zone)) },
		// clock is the time of day of a moment, as a device or a person had it.
		"clock": func(at time.Time) template.HTML {
			at = at.In(zone)
			return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + at.Format("15:04:05") + `</time>`) //nolint:gosec // digits
		},
		// age is how long ago something was, a plain number: no judgement in it.
		"age": func(now, then time.Time) string {
			return span(func(key string, gaps ...any) string {
				said, err := t(key, gaps...)
				if err != nil {
					return key
				}
				return said
			}, now.Sub(then))
		},
		"minutes": func(d time.Duration) int { return int(d / time.Minute) },
		// days is how many whole days ago something was.
		"days":   func(now, then time.Time) int { return max(0, int(now.Sub(then)/(24*time.Hour))) },
		"short":  shortDigest,
		"bytes":  func(n int64) string { return size(n, lang) },
		"number": func(id jurat.ItemID) string { _, n := place(id); return n },
		"path":   itemPath,
		// path_of is path for what the order engine names by text.
		"path_of": func(id string) string { return itemPath(jurat.ItemID(id)) },
		"dict":    dict,
		// offset is how far a device's clock was ahead, or that nobody measured it.
		"offset":   func(x jurat.Exhibit) (string, error) { return offsetOf(t, x) },
		"timecode": jurat.Timecode,
		// offset_ms is an offset in seconds, with its sign.
		"offset_ms":      func(ms *int64) string { return strings.Replace(fmt.Sprintf("%+g s", float64(*ms)/1000), "-", "−", 1) },
		"offset_sources": func() []jurat.OffsetSource { return jurat.OffsetSources[1:] },
		// ending is where a mark ends, as it is typed; nothing for a moment.
		"ending": func(k jurat.Mark) string {
			if k.To == 0 {
				return ""
			}
			return jurat.Timecode(k.To)
		},
		// where_of is where something is done about an item; where_named the same of
		// an item's number as somebody typed it.
		"where_of":    whereOf,
		"where_named": func(in jurat.IncidentNumber, text string) string { return whereOf(itemNamed(in, text).ID) },
		"plus":        func(a, b int) int { return a + b },
		"minus":       func(a, b int) int { return a - b },
		// stamp is when without markup, for where none may be.
		"stamp": func(at time.Time) string { return at.In(zone).Format("2006-01-02 15:04") },
		// typed is what was typed into a field of a form that was not taken.
		"typed": func(form any, name string) string {
			f, _ := form.(url.Values)
			return f.Get(name)
		},
	}
}

// labelIn gives an order's text in a language, or in English.
func labelIn(l map[string]string, lang string) string {
	if s := l[lang]; s != "" {
		return s
	}
	return l["en"]
}

// when is a moment as people read it, to the second, with its zone.
func (w *words) when(lang string, at time.Time) (template.HTML, error) {
	if at.IsZero() {
		s, err := w.say(lang, "time.unknown")
		return template.HTML(template.HTMLEscapeString(s)), err //nolint:gosec // escaped
	}
	date, err := w.date(lang, at)
	if err != nil {
		return "", err
	}
	zone := strings.Replace(at.Format("-07:00"), "-", "−", 1)
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + date + ", " + at.Format("15:04:05") + " (" + zone + ")</time>"), nil //nolint:gosec // digits and the catalogue's names
}

// hourOf is the time of day, to the minute.
func hourOf(at time.Time) template.HTML {
	return template.HTML(`<time datetime="` + at.Format(time.RFC3339) + `">` + at.Format("15:04") + "</time>") //nolint:gosec // digits
}

// day is a date as people read it.
func (w *words) day(lang string, at time.Time) (template.HTML, error) {
	if at.IsZero() {
		return w.when(lang, at)
	}
	date, err := w.date(lang, at)
	return template.HTML(`<time datetime="` + at.Format(time.DateOnly) + `">` + date + "</time>"), err //nolint:gosec // as above
}

func (w *words) date(lang string, at time.Time) (string, error) {
	day, err := w.say(lang, "weekday."+strings.ToLower(at.Weekday().String()[:3]))
	if err != nil {
		return "", err
	}
	month, err := w.say(lang, "month."+strings.ToLower(at.Month().String()[:3]))
	return template.HTMLEscapeString(fmt.Sprintf("%s %d %s %d", day, at.Day(), month, at.Year())), err
}

// shortDigest is a digest to compare at a glance: its first and last eight
// digits, in groups of four.
func shortDigest(d jurat.Digest) string {
	hex := strings.TrimPrefix(d.String(), "sha256:")
	return "sha256 " + hex[:4] + " " + hex[4:8] + " … " + hex[56:60] + " " + hex[60:]
}

// size is a number of bytes, rounded and whole: "1.2 GB (1,234,567,890 bytes)".
func size(n int64, lang string) string {
	point, comma := ".", ","
	if lang == "es" {
		point, comma = ",", "."
	}
	whole := strconv.FormatInt(n, 10)
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + comma + whole[i:]
	}
	if n < 1000 {
		return whole + " bytes"
	}
	value, unit := float64(n), ""
	for _, u := range []string{"kB", "MB", "GB", "TB"} {
		if value /= 1000; value < 1000 || u == "TB" {
			unit = u
			break
		}
	}
	return strings.Replace(strconv.FormatFloat(value, 'f', 1, 64), ".", point, 1) + " " + unit + " (" + whole + " bytes)"
}

// place takes an item's number apart: its incident, and its count there.
func place(id jurat.ItemID) (in jurat.IncidentNumber, count string) {
	in = id.Incident()
	return in, strings.TrimLeft(strings.TrimPrefix(string(id), string(in)+"-"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// itemPath is the address of an item: the incident's, with its noun and count.
func itemPath(id jurat.ItemID) string {
	item, err := jurat.ParseItem(string(id))
	if n, ok := strings.CutPrefix(string(id), "record-"); ok {
		return "/records/" + n // the house's own
	}
	in, n := place(id)
	if err != nil || item.Noun == jurat.NounIncident {
		return "/incidents/" + string(id)
	}
	plural := string(item.Noun) + "s"
	if item.Noun == jurat.NounParty {
		plural = "parties"
	}
	return "/incidents/" + string(in) + "/" + plural + "/" + n
}

// dict gathers pairs for a part of a page.
func dict(pairs ...any) (map[string]any, error) {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, jurat.Errorf(jurat.Invalid, "the name of a pair is text")
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}
