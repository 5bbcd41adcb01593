package dossier

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"sort"
	"strconv"
	"strings"
	"time"

	"jurat"
	"jurat/format"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

// Page renders data/index.html: the whole referral on one page that needs no
// server, network or script. It states what the governing document states and
// nothing besides; every side's account has the same shape and size.
func Page(d format.ReferralDocument, opened []OpenedLine) ([]byte, error) {
	t, err := template.New("index").Funcs(template.FuncMap{
		"when": when, "word": word, "span": span, "short": short, "fields": fields, "media": mediaOf, "local": local, "seconds": seconds,
		"typeName": typeName, "record": record, "join": strings.Join, "state": accountState, "bytes": octets,
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	policy := "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	slots := map[jurat.ItemID]string{}
	for _, p := range d.Parties {
		slots[p.Value.ID] = p.Value.Slot
	}
	var b bytes.Buffer
	err = t.Execute(&b, struct {
		Doc     format.ReferralDocument
		Opened  []OpenedLine
		Policy  string
		Style   template.CSS
		Slots   map[jurat.ItemID]string
		Groups  []recordGroup
		Heading string
	}{d, opened, policy, template.CSS(pageStyle), slots, groups(d.Records), heading(d)}) //nolint:gosec // our own style
	if err != nil {
		return nil, jurat.Because(jurat.Invalid, err, "the referral cannot be shown as a page")
	}
	return b.Bytes(), nil
}

func heading(d format.ReferralDocument) string {
	if d.Dossier.Number == 0 {
		return "Referral " + string(d.Dossier.Referral)
	}
	return fmt.Sprintf("Referral %s, supplement %d", d.Dossier.Referral, d.Dossier.Number)
}

// A recordGroup is the records of one type, under a heading.
type recordGroup struct {
	Type    jurat.RecordType
	Records []format.RecordHistory
}

// groups puts identification attempts and ambulance calls first, because an
// order asks about them by name, then the other types by name.
func groups(rs []format.RecordHistory) []recordGroup {
	by := map[jurat.RecordType][]format.RecordHistory{}
	var types []jurat.RecordType
	for _, r := range rs {
		if by[r.Type] == nil {
			types = append(types, r.Type)
		}
		by[r.Type] = append(by[r.Type], r)
	}
	rank := func(t jurat.RecordType) int {
		switch t {
		case jurat.TypeReport:
			return 0
		case jurat.TypeIdentification:
			return 1
		case jurat.TypeEMS:
			return 2
		case jurat.TypeForce:
			return 3
		}
		return 4
	}
	sort.SliceStable(types, func(i, j int) bool {
		a, b := rank(types[i]), rank(types[j])
		return a < b || a == b && types[i] < types[j]
	})
	var out []recordGroup
	for _, t := range types {
		out = append(out, recordGroup{t, by[t]})
	}
	return out
}

func typeName(t jurat.RecordType) string {
	switch t {
	case jurat.TypeReport:
		return "Reports"
	case jurat.TypeIdentification:
		return "Identification attempts"
	case jurat.TypeEMS:
		return "Calls for an ambulance"
	case jurat.TypeForce:
		return "Use of force, by whomever"
	}
	s := word(string(t))
	return strings.ToUpper(s[:1]) + s[1:]
}

func when(t time.Time) string {
	if t.IsZero() {
		return "not stated"
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func span(s jurat.Span) string {
	if s.From.IsZero() && s.To.IsZero() {
		return "not stated"
	}
	return when(s.From) + " to " + when(s.To) + " (" + word(s.Precision) + ")"
}

// word prints a value of a closed list as people say it.
func word(v any) string {
	s := strings.ReplaceAll(fmt.Sprint(v), "_", " ")
	if s == "" {
		return "not stated"
	}
	return s
}

func accountState(s jurat.AccountState) string {
	switch s {
	case jurat.AccountNotAsked:
		return "Not asked"
	case jurat.AccountWasAsked:
		return "Asked; no answer recorded yet"
	case jurat.AccountNoReply:
		return "Asked; no answer"
	case jurat.AccountHasDecline:
		return "Asked; declined"
	case jurat.AccountWasGiven:
		return "Given"
	}
	return word(string(s))
}

func short(id jurat.ItemID) string { return string(id)[strings.LastIndexByte(string(id), '-')+1:] }

func seconds(n *int) string { return strconv.Itoa(*n) }

func octets(n int64) string { return strconv.FormatInt(n, 10) }

// local is an exhibit's address as seen from data/index.html.
func local(path string) string { return strings.TrimPrefix(path, "data/") }

func mediaOf(it format.InventoryItem) string {
	if it.Path == "" {
		return ""
	}
	kind, _, _ := strings.Cut(it.Exhibit.Value.Media, "/")
	if kind == "image" || kind == "video" || kind == "audio" {
		return kind
	}
	return "file"
}

func record(raw json.RawMessage) jurat.Record {
	var r jurat.Record
	json.Unmarshal(raw, &r) //nolint:errcheck // an unreadable one shows as not stated; the JSON governs
	return r
}

// A field is one named value of a record.
type field struct{ Name, Value string }

// fields flattens a record's open fields for reading, in the order of names.
func fields(raw json.RawMessage) []field {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	var out []field
	flatten("", v, &out)
	return out
}

func flatten(name string, v any, out *[]field) {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		sort.Strings(keys)
		for _, k := range keys {
			flatten(strings.TrimSpace(name+" "+word(k)), v[k], out)
		}
	case []any:
		for i, e := range v {
			flatten(fmt.Sprintf("%s %d", name, i+1), e, out)
		}
	case nil:
		*out = append(*out, field{name, "not stated"})
	default:
		*out = append(*out, field{name, fmt.Sprint(v)})
	}
}
