package order

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// A Basis says what an entry of an order stands on.
type Basis string

// The four bases.
const (
	Stated     Basis = "stated"     // its source is the law's own text, and was read
	Reported   Basis = "reported"   // its sources say that the order says so
	Unverified Basis = "unverified" // nobody checked it; it warns, is shown as such, and never closes a gate alone
	Choice     Basis = "choice"     // not in any source: adopted, by somebody, for a reason
)

// Bases lists every basis.
var Bases = [...]Basis{Stated, Reported, Unverified, Choice}

// A Footing is what one entry of an order stands on: shown beside it wherever
// it is shown.
type Footing struct {
	Basis   Basis    `json:"basis"`
	Sources []string `json:"sources,omitempty"` // ids of the order's sources
	Quote   string   `json:"quote,omitempty"`   // the words as a source has them
	Author  string   `json:"author,omitempty"`  // of a choice
	Reason  string   `json:"reason,omitempty"`  // of a choice
	Note    string   `json:"note,omitempty"`
	Cites   []string `json:"cites,omitempty"` // requirement numbers, such as EVD-2
}

var footingKeys = []string{"basis", "sources", "quote", "author", "reason", "note", "cites"}

// keys adds the keys of a footing to those of an entry.
func footed(keys ...string) []string { return slices.Concat(keys, footingKeys) }

var requirementNumber = regexp.MustCompile(`^[A-Z]{3}-[1-9][0-9]?$`)

// footing reads what an entry stands on. inherit is the footing of the entry
// around it, or nil when this one must state its own.
func (p *parsing) footing(g group, inherit *Footing) Footing {
	if g.get("basis") == nil && inherit != nil {
		for _, k := range footingKeys {
			if n := g.get(k); n != nil && k != "note" && k != "cites" {
				p.problem(n.line, n.col, fmt.Sprintf("%q without a basis in %s", k, g.what), "a basis beside it", "")
			}
		}
		f := *inherit
		if note := g.text("note"); note != "" {
			f.Note = note
		}
		return f
	}
	f := Footing{
		Basis: Basis(g.needChoice("basis", names(Bases[:]))), Quote: g.text("quote"),
		Author: g.text("author"), Reason: g.text("reason"), Note: g.text("note"),
	}
	for _, n := range g.each("sources") {
		id := p.text(n, "sources")
		if id != "" && !slices.ContainsFunc(p.order.Sources, func(s Source) bool { return s.ID == id }) {
			ids := make([]string, len(p.order.Sources))
			for i, s := range p.order.Sources {
				ids[i] = s.ID
			}
			p.problem(n.line, n.col, fmt.Sprintf("source %q is not one of the order's sources", id), "the id of a source", nearest(id, ids))
		}
		f.Sources = append(f.Sources, id)
	}
	for _, n := range g.each("cites") {
		c := p.text(n, "cites")
		if c != "" && !requirementNumber.MatchString(c) {
			p.problem(n.line, n.col, fmt.Sprintf("cites %q", c), "a requirement number such as EVD-2", "")
		}
		f.Cites = append(f.Cites, c)
	}
	at := g.at
	switch f.Basis {
	case Stated, Reported:
		if len(f.Sources) == 0 {
			p.problem(at.line, at.col, fmt.Sprintf("%s is %s and names no source", g.what, f.Basis), "sources: the ids of the sources that say so", "basis: unverified, when nobody found one")
		}
	case Choice:
		if f.Author == "" || f.Reason == "" {
			p.problem(at.line, at.col, fmt.Sprintf("%s is a choice without an author and a reason", g.what), "author and reason", "a choice may close a gate, so somebody must answer for it")
		}
	case Unverified:
		p.warn(at.line, at.col, fmt.Sprintf("%s is unverified: it is shown as such and never closes a gate alone", g.what))
	}
	if f.Basis != Choice && (f.Author != "" || f.Reason != "") {
		p.problem(at.line, at.col, fmt.Sprintf("%s has an author or a reason and is not a choice", g.what), "basis: choice", "use note for a remark")
	}
	return f
}

// Languages is the closed list of languages a label may be in: English, Spanish,
// Polish, Chinese, Arabic, Tagalog, Urdu, Hindi.
var Languages = [...]string{"en", "es", "pl", "zh", "ar", "tl", "ur", "hi"}

// A Label is one text in several languages, English always among them.
type Label map[string]string

// In gives the text in a language, or in English where it is missing.
func (l Label) In(language string) string {
	if s := l[language]; s != "" {
		return s
	}
	return l["en"]
}

func (l Label) String() string { return l.In("en") }

// label reads a text in the order's languages. Where the label lacks one of
// them the English stands in, and the file is told how often.
func (p *parsing) label(n *node, what string) Label {
	if n == nil {
		return nil
	}
	if n.form == isText {
		p.problem(n.line, n.col, what+" is text", "a text for each language", fmt.Sprintf("write %s: {en: …}", what))
		return nil
	}
	g := p.group(n, what, Languages[:]...)
	l := Label{}
	for _, lang := range slices.Sorted(maps.Keys(g.has)) {
		if !slices.ContainsFunc(p.order.Languages, func(x Language) bool { return x.ID == lang }) {
			p.problem(g.has[lang].line, g.has[lang].col, fmt.Sprintf("%s is in %q, and the order's languages do not name it", what, lang), "one of the order's languages", "add it to languages")
		}
		l[lang] = g.text(lang)
	}
	if l["en"] == "" && n.form == isMap {
		p.problem(n.line, n.col, what+" has no English text", "en", "")
	}
	for _, lang := range p.order.Languages {
		if n.form == isMap && l[lang.ID] == "" && lang.ID != "en" {
			p.untold[lang.ID]++
		}
	}
	return l
}

// untranslated warns once for each language some labels lack.
func (p *parsing) untranslated() {
	for _, lang := range slices.Sorted(maps.Keys(p.untold)) {
		p.warn(1, 1, fmt.Sprintf("%d labels have no text in %q; the English stands in", p.untold[lang], lang))
	}
}

func names[S ~string](list []S) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}
