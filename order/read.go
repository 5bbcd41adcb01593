package order

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A group is a mapping whose keys are closed: every key that is not expected
// is a problem, and a key that is asked for and missing may be one.
type group struct {
	s    *source
	at   *node
	what string // "a duty", "the head of the order"
	has  map[string]pair
}

// group reads n as a mapping with these keys and no other.
func (s *source) group(n *node, what string, keys ...string) group {
	g := group{s: s, at: n, what: what, has: map[string]pair{}}
	if n.form != isMap {
		s.problem(n.line, n.col, fmt.Sprintf("%s is %s", what, formNames[n.form]), "keys: "+strings.Join(keys, ", "), "")
		return g
	}
	for _, p := range n.pairs {
		switch {
		case !slices.Contains(keys, p.key):
			hint := nearest(p.key, keys)
			if p.value.form == isNothing { // the rest of a text that a comma cut
				hint = "a text with a comma, within braces, stands in quotes"
			}
			s.problem(p.line, p.col, fmt.Sprintf("unknown key %q in %s", p.key, what), "one of "+strings.Join(keys, ", "), hint)
		case g.has[p.key].value != nil:
			s.problem(p.line, p.col, fmt.Sprintf("the key %q stands twice in %s", p.key, what), "each key once", fmt.Sprintf("the first is on line %d", g.has[p.key].line))
		default:
			g.has[p.key] = p
		}
	}
	return g
}

// get gives the value of a key, or nil.
func (g group) get(key string) *node { return g.has[key].value }

// need gives the value of a key and complains when it is missing.
func (g group) need(key string) *node {
	n := g.get(key)
	if n == nil {
		g.s.problem(g.at.line, g.at.col, fmt.Sprintf("%s has no %q", g.what, key), "", "")
	}
	return n
}

// text gives the text of a key: "" when it is missing, which need says.
func (g group) text(key string) string { return g.s.text(g.get(key), key) }

func (g group) needText(key string) string { return g.s.text(g.need(key), key) }

// truth gives the true or false of a key; a missing key is false.
func (g group) truth(key string) bool {
	n := g.get(key)
	if n == nil {
		return false
	}
	if n.form != isTruth {
		g.s.problem(n.line, n.col, fmt.Sprintf("%q is %s", key, formNames[n.form]), "true or false", "")
	}
	return n.text == "true"
}

// choice gives the text of a key, which must be one of a closed list.
func (g group) choice(key string, list []string) string {
	return g.s.choice(g.get(key), key, list)
}

func (g group) needChoice(key string, list []string) string {
	return g.s.choice(g.need(key), key, list)
}

// each gives the items of a key that is a list; a missing key is an empty one.
func (g group) each(key string) []*node { return g.s.items(g.get(key), key) }

// texts gives a list of texts.
func (g group) texts(key string) []string {
	var out []string
	for _, n := range g.each(key) {
		out = append(out, g.s.text(n, key))
	}
	return out
}

func (s *source) items(n *node, key string) []*node {
	if n == nil {
		return nil
	}
	if n.form != isList {
		s.problem(n.line, n.col, fmt.Sprintf("%q is %s", key, formNames[n.form]), "a list: lines that begin with a dash", "")
		return nil
	}
	if len(n.items) == 0 {
		s.problem(n.line, n.col, fmt.Sprintf("%q is an empty list", key), "at least one entry", "leave the key out")
	}
	return n.items
}

func (s *source) text(n *node, key string) string {
	if n == nil {
		return ""
	}
	switch {
	case n.form == isNothing:
		s.problem(n.line, n.col, fmt.Sprintf("%q has no value", key), "text", "leave the key out when it is not stated")
	case n.form != isText:
		s.problem(n.line, n.col, fmt.Sprintf("%q is %s", key, formNames[n.form]), "text", "put it in quotes")
	case strings.TrimSpace(n.text) == "":
		s.problem(n.line, n.col, fmt.Sprintf("%q is empty", key), "text", "leave the key out when it is not stated")
	case len(n.text) > 20_000:
		s.problem(n.line, n.col, fmt.Sprintf("%q is too long", key), "at most 20,000 bytes", "")
	}
	return strings.TrimSpace(n.text)
}

func (s *source) choice(n *node, key string, list []string) string {
	if n == nil {
		return ""
	}
	v := s.text(n, key)
	if v != "" && !slices.Contains(list, v) {
		s.problem(n.line, n.col, fmt.Sprintf("%s %q", key, v), "one of "+strings.Join(list, ", "), nearest(v, list))
		return ""
	}
	return v
}

func (s *source) whole(n *node, key string, least, most int) int {
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.text)
	if n.form != isWhole || err != nil || v < least || v > most {
		s.problem(n.line, n.col, fmt.Sprintf("%q is not a whole number in range", key), fmt.Sprintf("%d to %d", least, most), "")
		return 0
	}
	return v
}

var (
	idPattern   = regexp.MustCompile(`^[a-z][a-z0-9-]{0,59}$`)
	namePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)
	codePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]{0,59}$`)
)

// ident reads the id of a named thing and sees that it is the only one.
func (g group) ident(pattern *regexp.Regexp, taken map[string]bool) string {
	n := g.need("id")
	v := g.s.text(n, "id")
	switch {
	case v == "":
	case !pattern.MatchString(v):
		want := "lower-case letters, digits and dashes, beginning with a letter"
		if pattern == namePattern {
			want = "lower-case letters, digits and underscores, beginning with a letter"
		}
		g.s.problem(n.line, n.col, fmt.Sprintf("id %q", v), want, "")
	case taken[v]:
		g.s.problem(n.line, n.col, fmt.Sprintf("the id %q is taken by another entry of this list", v), "ids that differ", "")
	}
	taken[v] = true
	return v
}

// A Day is a date or a moment as the file states it. The zero Day is "not
// stated".
type Day struct {
	Text string
	At   time.Time // the moment, or the beginning of the day in the order's zone
	Date bool      // only the day was stated
}

// Stated reports whether the file gives a date at all.
func (d Day) Stated() bool { return d.Text != "" }

// String is the date as written, or "not stated": a missing date is never
// guessed (ORD-1).
func (d Day) String() string {
	if d.Text == "" {
		return "not stated"
	}
	return d.Text
}

func (s *source) day(n *node, key string, zone *time.Location) Day {
	v := s.text(n, key)
	if v == "" {
		return Day{}
	}
	if t, err := time.ParseInLocation(time.DateOnly, v, zone); err == nil {
		return Day{Text: v, At: t, Date: true}
	}
	if t, err := time.Parse(time.RFC3339, v); err == nil {
		return Day{Text: v, At: t.UTC()}
	}
	s.problem(n.line, n.col, fmt.Sprintf("%s %q", key, v), "a date such as 2026-01-31, or a moment such as 2026-02-27T15:00:00-08:00", "leave the key out when it is not stated")
	return Day{}
}

func (s *source) moment(n *node, key string) time.Time {
	v := s.text(n, key)
	if v == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		s.problem(n.line, n.col, fmt.Sprintf("%s %q", key, v), "a moment with its offset, such as 2026-02-10T12:00:00-06:00", "")
	}
	return t.UTC()
}
