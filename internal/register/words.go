package register

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Words are cut here and nowhere else, so that both engines index and find the
// same: text is folded (case, compatibility forms, marks), runs of letters and
// digits are words, and scripts written without spaces are cut into pairs of
// characters. A word is then spelled in a-z, 0-9 and _ alone, so that neither
// engine's own idea of a letter comes into it; the spelling keeps beginnings,
// so that a beginning of the word is a beginning of its spelling.

const (
	longestWord = 48      // characters; what comes after is not looked at
	mostWords   = 1 << 18 // bytes of spelled words of one text; the rest is not indexed
)

// unspaced are the scripts whose words are not divided by spaces.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo,
	unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

// fold is text as words are compared.
func fold(text string) string {
	return norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text)))
}

// runs calls fn with each run of characters in folded text that belong
// together, and whether its script is unspaced.
func runs(folded string, fn func(run []rune, unspaced bool)) {
	var run []rune
	pairs := false
	end := func() {
		if len(run) > 0 {
			fn(run, pairs)
			run = run[:0]
		}
	}
	for _, c := range folded {
		switch {
		case unicode.Is(unicode.M, c): // marks are dropped, and divide nothing
		case c == 'ー' || unicode.IsLetter(c) && unicode.In(c, unspaced...):
			if !pairs {
				end()
			}
			pairs = true
			run = append(run, c)
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if pairs {
				end()
			}
			pairs = false
			run = append(run, c)
		default:
			end()
		}
	}
	end()
}

// words gives the different words of a text, spelled, in order.
func words(text string) []string {
	var all []string
	runs(fold(text), func(run []rune, unspaced bool) {
		if !unspaced {
			all = append(all, spell(run[:min(len(run), longestWord)]))
			return
		}
		for i := range run { // every pair, and the last character alone
			all = append(all, spell(run[i:min(i+2, len(run))]))
		}
	})
	slices.Sort(all)
	all = slices.Compact(all)
	size := 0
	for i, w := range all {
		if size += len(w) + 1; size > mostWords {
			return all[:i]
		}
	}
	return all
}

// asked gives the words of a query, each with whether it stands for every word
// that begins so: the last one does, and a lone character of an unspaced
// script.
func asked(query string) (all []string, prefix []bool) {
	add := func(w string, begins bool) {
		for i := range all {
			if all[i] == w && prefix[i] == begins {
				return
			}
		}
		all, prefix = append(all, w), append(prefix, begins)
	}
	last := -1
	runs(fold(query), func(run []rune, unspaced bool) {
		if !unspaced {
			add(spell(run[:min(len(run), longestWord)]), false)
			last = len(all) - 1
			return
		}
		last = -1
		if len(run) == 1 {
			add(spell(run), true)
			return
		}
		for i := range len(run) - 1 {
			add(spell(run[i:i+2]), false)
		}
	})
	if last >= 0 {
		prefix[last] = true
	}
	return all, prefix
}

// spell writes a word in a-z, 0-9 and _: other characters are _ and six
// hexadecimal digits.
func spell(word []rune) string {
	var b strings.Builder
	for _, c := range word {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteByte(byte(c))
		} else {
			fmt.Fprintf(&b, "_%06x", c)
		}
	}
	return b.String()
}
