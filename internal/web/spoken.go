package web

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spokenKeys are the sentences of the law, the desk and the porter that people
// meet most. The English of each is the sentence itself, with gaps where it names
// something, so that it is found again in what was said and told in the reader's
// language. What is longer stands before what begins like it.
var spokenKeys = []string{
	"told.may_not_who", "told.may_not", "told.sealed_why", "told.amend_why", "told.release_why", "told.say_why", "told.flag_ground", "told.hold_matter",
	"told.hold_counsel", "told.mark_note", "told.mark_ends", "told.title", "told.taken", "told.no_time", "told.elements", "told.account_how",
	"told.password_short", "told.password_known", "told.code_wrong", "told.only_way", "told.no_way_yet", "told.not_signed",
	"told.office_name", "told.person_name", "told.no_incident",
	"told.statement_empty", "told.account_declined", "told.clock_how", "told.consent_who", "told.elsewhere_key", "told.flag_there", "told.flag_exhibit",
	"told.begins_later", "told.ends_before", "told.party_slot", "told.return_why", "told.stays", "told.refer_why", "told.refer_what", "told.edit_reason",
	"told.edit_none", "told.certificate", "told.person_label",
}

// A spoken is one of these sentences, to be found again.
type spoken struct {
	key  string
	says *regexp.Regexp
	gaps []string
}

var spokenGap = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// spokenBy reads a sentence of a catalogue as one to be found again.
func spokenBy(key, text string) spoken {
	s := spoken{key: key}
	var b strings.Builder
	at := 0
	for _, m := range spokenGap.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(regexp.QuoteMeta(text[at:m[0]]) + `(.+?)`)
		s.gaps = append(s.gaps, text[m[2]:m[3]])
		at = m[1]
	}
	s.says = regexp.MustCompile(`\A` + b.String() + regexp.QuoteMeta(text[at:]) + `\z`)
	return s
}

// told is a sentence in the reader's language; own reports whether it is, or
// stands as it was said, in English.
func (w *words) told(lang, said string) (text string, own bool) {
	if lang == languages[0] || w.own[lang][said] {
		return said, true
	}
	for _, s := range w.spoken {
		m := s.says.FindStringSubmatch(said)
		if m == nil {
			continue
		}
		var gaps []any
		for i, name := range s.gaps {
			gaps = append(gaps, name, w.gap(lang, name, m[i+1]))
		}
		if text, err := w.say(lang, s.key, gaps...); err == nil {
			return text, true
		}
	}
	return said, false
}

// gap is what fills a gap, in the reader's language where it is a word of a
// closed list.
func (w *words) gap(lang, name, value string) string {
	list := map[string]string{"act": "act", "roles": "role", "noun": "noun"}[name]
	if list == "" {
		return value
	}
	all := strings.Split(value, ", ")
	for i, one := range all {
		if said, err := w.say(lang, "list."+list+"."+strings.ReplaceAll(one, ".", "_")); err == nil {
			all[i] = said
		}
	}
	return strings.Join(all, ", ")
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
	text, own := w.told(lang, said)
	if !own {
		own = slices.ContainsFunc(w.gapped[lang], func(says *regexp.Regexp) bool { return says.MatchString(said) })
	}
	text = asSentence(text)
	if own {
		return template.HTML(template.HTMLEscapeString(text)) //nolint:gosec // escaped
	}
	return template.HTML(fmt.Sprintf(`<span lang="en">%s</span>`, template.HTMLEscapeString(text))) //nolint:gosec // escaped
}
