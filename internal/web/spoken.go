package web

import (
	"html/template"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A spoken is a sentence the law, the desk, the porter or the counter says, to be
// found again in what was said: the English of the catalogue of refusals, which is
// the sentence itself with gaps where it names something. length is that of what
// stands between them, and longest the longest piece of it, which is looked for first.
type spoken struct {
	key     string
	says    *regexp.Regexp
	gaps    []string
	length  int
	longest string
	adds    bool // to another sentence, which is its first gap
}

var spokenGap = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// What a gap holds by its name: a sentence or a phrase, which may be one of the
// catalogue itself; a word of a closed list; a number or a name of the record, which
// have no space in them; or anything.
var (
	spokenWhole = []string{"why", "what", "first", "contacts", "period"}
	spokenLists = map[string]string{
		"noun": "noun", "act": "act", "role": "role", "roles": "role", "side": "side", "function": "function", "wall": "wall", "use": "use", "standing": "standing",
		"account_state": "account_state", "wanted": "account_state", "record_state": "record_state", "referral_state": "referral_state",
		"redaction_state": "redaction_state", "allegation_status": "allegation_status", "screened": "screened",
	}
	spokenSingle = []string{"item", "of", "who", "office", "incident", "n", "least", "most", "next", "ms", "digest"}
)

func spokenFill(gap string) string {
	switch {
	case slices.Contains(spokenSingle, gap):
		return `\S+`
	case gap == "unknown": // in brackets, which others may follow
		return `[^()]+`
	}
	return `.+?`
}

// spokenBy reads a sentence of a catalogue as one to be found again, with what
// may fill each of its gaps.
func spokenBy(key, text string, fills func(gap string) string) spoken {
	s := spoken{key: key, adds: strings.HasPrefix(text, "{{.first}}")}
	var b strings.Builder
	at := 0
	between := func(piece string) {
		b.WriteString(regexp.QuoteMeta(piece))
		s.length += len(piece)
		if len(piece) > len(s.longest) {
			s.longest = piece
		}
	}
	for _, m := range spokenGap.FindAllStringSubmatchIndex(text, -1) {
		gap := text[m[2]:m[3]]
		between(text[at:m[0]])
		b.WriteString(`(` + fills(gap) + `)`)
		s.gaps = append(s.gaps, gap)
		at = m[1]
	}
	between(text[at:])
	s.says = regexp.MustCompile(`(?s)\A` + b.String() + `\z`)
	return s
}

// A voice is how a sentence is written down: its text, and what of it is in no
// language but English.
type voice struct{ text, english func(string) string }

var (
	asPage = voice{template.HTMLEscapeString, func(text string) string { return `<span lang="en">` + text + `</span>` }}
	asText = voice{func(text string) string { return text }, func(text string) string { return text }}
)

// told is a sentence in the reader's language; own reports whether it is, or stands
// as it was said, in English.
func (w *words) told(lang, said string, as voice) (text string, own bool) {
	if lang == languages[0] || w.own[lang][said] || !strings.ContainsFunc(said, unicode.IsLetter) {
		return as.text(said), true
	}
	s, values := w.find(said)
	if s == nil {
		return as.text(said), false
	}
	var gaps []any
	var fill []string
	for i, name := range s.gaps {
		place := string(rune(0xE000 + i)) // no sentence has one
		gaps = append(gaps, name, place)
		fill = append(fill, place, w.gap(lang, name, values[i], as))
	}
	text, err := w.say(lang, s.key, gaps...)
	if err != nil {
		return as.text(said), false
	}
	return strings.NewReplacer(fill...).Replace(as.text(text)), true
}

// find is the sentence that was said, with what fills its gaps; nil: none is known.
func (w *words) find(said string) (*spoken, []string) {
	for i := range w.spoken {
		s := &w.spoken[i]
		if !strings.Contains(said, s.longest) {
			continue
		}
		if m := s.says.FindStringSubmatch(said); m != nil {
			return s, m[1:]
		}
	}
	return nil, nil
}

// gap is what fills a gap, in the reader's language where it is a word of a
// closed list, or a sentence itself.
func (w *words) gap(lang, name, value string, as voice) string {
	if slices.Contains(spokenWhole, name) {
		text, own := w.told(lang, value, as)
		if !own {
			text = as.english(text)
		}
		return text
	}
	list := spokenLists[name]
	if list == "" {
		return as.text(value)
	}
	all := strings.Split(strings.Trim(value, `"`), ", ")
	for i, one := range all {
		if said, err := w.say(lang, "list."+list+"."+strings.ReplaceAll(one, ".", "_")); err == nil {
			all[i] = said
		}
	}
	return as.text(strings.Join(all, ", "))
}

var requirement = regexp.MustCompile(` \([A-Z]{3}-[0-9]+\)`)

// asSentence is what a page makes of what an error says: it begins with a capital,
// unless with a name or a quotation, and cites no requirement, which are for who
// reads docs/requirements.md.
func asSentence(said string) string {
	said = requirement.ReplaceAllString(said, "")
	word, _, _ := strings.Cut(said, " ")
	if strings.ContainsFunc(strings.TrimRight(word, ",:"), func(r rune) bool { return !unicode.IsLetter(r) }) {
		return said
	}
	for i, first := range word {
		return string(unicode.ToUpper(first)) + said[i+utf8.RuneLen(first):]
	}
	return said
}

// toldIn shows a sentence in the reader's language, or marks it as English. It may
// be a sentence of the catalogue already, with its gaps filled.
func (w *words) toldIn(lang, said string) template.HTML {
	text, own := w.told(lang, said, asPage)
	if !own {
		own = slices.ContainsFunc(w.gapped[lang], func(says *regexp.Regexp) bool { return says.MatchString(said) })
	}
	text = asSentence(text)
	if !own {
		text = asPage.english(text)
	}
	return template.HTML(text) //nolint:gosec // escaped by told
}
