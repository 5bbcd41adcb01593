package numbers

import (
	"regexp"
	"strings"

	"jurat"
)

// loaded words take a side in any publication (PUB-3). They are looked for at
// the beginning of words, so that a root catches its endings.
var loaded = [...]string{
	"thug", "gestapo", "goon", "brutal", "illegal alien", "illegals", "criminal alien", "invader", "terroriz", "kidnapp", "perpetrator", "culprit",
	"wrongdoer", "offender", "violator", "so-called", "obviously", "outrage", "heinous", "shameful", "heroic", "lawless",
	"matón", "maton", "secuestra", "ilegales", "delincuente", "invasor", "infractor", "vergonzos", "indignante",
}

// FairWords reads a text as PUB-3 asks: a word that takes a side, in any
// language, and "violation" without "alleged", "reported" or the like beside
// it, are Invalid; the sentence names the word. more are the words a
// jurisdiction adds.
func FairWords(text string, more ...string) error {
	folded := strings.ToLower(text)
	for _, list := range [][]string{loaded[:], more} {
		for _, w := range list {
			if w = strings.ToLower(strings.TrimSpace(w)); w != "" && beginsWord(folded, w) {
				return jurat.Errorf(jurat.Invalid, "the text %q uses %q, which takes a side: say what was alleged or reported, and by whom (PUB-3)", clip(text), w)
			}
		}
	}
	if len(findingWord.FindAllString(text, -1)) > len(carefulWord.FindAllString(text, -1)) {
		return jurat.Errorf(jurat.Invalid, "the text %q calls something a violation: say alleged or reported until a body with that power has found it (PUB-3)", clip(text))
	}
	return nil
}

var (
	findingWord = regexp.MustCompile(`(?i)\b(violations?|infracci[oó]n(es)?|violaci[oó]n(es)?)\b`)
	carefulWord = regexp.MustCompile(`(?i)\b((alleged|reported|documented|suspected|no|not an?) (legal |law )?violations?|(presuntas?|alegadas?|reportadas?|ninguna|no es una) (infracci[oó]n(es)?|violaci[oó]n(es)?)|(infracci[oó]n(es)?|violaci[oó]n(es)?) (alegadas?|presuntas?|reportadas?))\b`)
)

// beginsWord reports whether a word of text begins so.
func beginsWord(text, word string) bool {
	for at := 0; ; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		i += at
		if i == 0 || !isWordByte(text[i-1]) {
			return true
		}
		at = i + 1
	}
}

// isWordByte reports whether a byte belongs to a word; every byte of a letter
// beyond ASCII does.
func isWordByte(b byte) bool {
	return b >= 0x80 || b == '_' || b >= '0' && b <= '9' || b|0x20 >= 'a' && b|0x20 <= 'z'
}

func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// fairPublication reads every text of a publication.
func fairPublication(p *Publication, more []string) error {
	for _, s := range p.Series {
		list := []map[string]string{s.Title, s.Means}
		for _, t := range s.Tables {
			for _, r := range t.Rows {
				list = append(list, r.Label)
			}
		}
		for _, label := range list {
			for _, lang := range [...]string{"en", "es"} {
				if err := FairWords(label[lang], more...); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
