package order

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"jurat"
)

// A Restatement is an entry for an order's status history, such as that a court
// stayed it at noon, with the source that says so.
type Restatement struct {
	State     Standing
	At        time.Time // to the minute
	Authority string    // who decided it
	Duties    []string  // enjoined in part: those suspended
	Basis     Basis     // stated or reported
	Source    string    // the title of the document, or of who reports it
	Address   string    // where it can be read
	Kind      string    // of the source, one of SourceKinds
	Note      string
}

// Restate gives an order file with one entry more in its status history, and
// its source, and nothing else changed: every other byte stays. seen is when the
// source was read. Invalid: something is missing, or the file could not be read
// with it; the sentence says what and where.
func Restate(name string, text []byte, r Restatement, seen time.Time) ([]byte, error) {
	before, problems := Parse(name, text)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(r.Authority) == "" || strings.TrimSpace(r.Source) == "":
		return nil, jurat.Errorf(jurat.Invalid, "say who decided it, and what says so: the court and the number of its order, and where it can be read")
	case r.At.IsZero():
		return nil, jurat.Errorf(jurat.Invalid, "say from which minute it holds")
	case !slices.Contains(Standings[:], r.State):
		return nil, jurat.Errorf(jurat.Invalid, "say what became of the order: %v", Standings)
	case r.Basis != Stated && r.Basis != Reported:
		return nil, jurat.Errorf(jurat.Invalid, "say whether the source states it, or reports it")
	}
	for _, s := range before.Status {
		if s.Date.Stated() && s.Date.At.After(r.At) { // of two entries the later in the file stands
			return nil, jurat.Errorf(jurat.Invalid, "the history has an entry of %s, which is later: write this one into the file before it, and adopt that", s.Date)
		}
	}
	id := ""
	for n := 1; id == "" || slices.ContainsFunc(before.Sources, func(s Source) bool { return s.ID == id }); n++ {
		id = fmt.Sprintf("status-%d", n)
	}
	source := "{id: " + id + ", title: " + strconv.Quote(r.Source) + ", kind: " + strconv.Quote(r.Kind) + ", seen: " + seen.In(before.Zone).Format(time.DateOnly)
	if r.Address != "" {
		source += ", address: " + strconv.Quote(r.Address)
	}
	entry := "{state: " + string(r.State) + ", date: " + r.At.In(before.Zone).Format("2006-01-02T15:04:05-07:00") + ", authority: " + strconv.Quote(r.Authority)
	if len(r.Duties) > 0 {
		entry += ", duties: [" + strings.Join(r.Duties, ", ") + "]"
	}
	entry += ", basis: " + string(r.Basis) + ", sources: [" + id + "]"
	if strings.TrimSpace(r.Note) != "" {
		entry += ", note: " + strconv.Quote(r.Note)
	}
	next, err := appendItem(text, "sources", source+"}")
	if err == nil {
		next, err = appendItem(next, "status", entry+"}")
	}
	if err != nil {
		return nil, err
	}
	after, problems := Parse(name, next)
	if err := problems.Err(); err != nil {
		return nil, err
	}
	for _, c := range Diff(before, after) {
		if c.Kind != "added" || !strings.HasPrefix(c.Path, "sources.") && !strings.HasPrefix(c.Path, "status.") {
			return nil, jurat.Errorf(jurat.Invalid, "the entry would change %s of the file too: write it into the file, and adopt that", c.Path)
		}
	}
	return next, nil
}

// appendItem adds an item to the list under a key of the whole file, after its
// last line.
func appendItem(text []byte, key, item string) ([]byte, error) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	begin := slices.IndexFunc(lines, func(l []byte) bool { return strings.TrimRight(string(l), " \r\n") == key+":" })
	if begin < 0 {
		return nil, jurat.Errorf(jurat.Invalid, "the file has its %s in a form this cannot add to: write the entry into the file, and adopt that", key)
	}
	end, indent := len(lines), "  "
	for i := begin + 1; i < len(lines); i++ {
		l := string(lines[i])
		body := strings.TrimLeft(l, " ")
		switch {
		case strings.TrimSpace(l) == "" || strings.HasPrefix(body, "#"):
			continue
		case strings.HasPrefix(body, "- "):
			if i == begin+1 || len(l)-len(body) < len(indent) {
				indent = l[:len(l)-len(body)]
			}
			continue
		case body != l:
			continue
		}
		end = i
		break
	}
	for end > begin+1 {
		if l := strings.TrimSpace(string(lines[end-1])); l != "" && !strings.HasPrefix(l, "#") {
			break
		}
		end--
	}
	if last := lines[end-1]; len(last) > 0 && last[len(last)-1] != '\n' {
		lines[end-1] = append(slices.Clone(last), '\n')
	}
	return slices.Concat(bytes.Join(lines[:end], nil), []byte(indent+"- "+item+"\n"), bytes.Join(lines[end:], nil)), nil
}
