package fsck

import (
	"encoding/json"
	"strings"
	"unicode"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// words are what a chain's sealed parts and open parts say, so that the index
// can be asked for the former. Only words of ASCII letters and digits are
// compared: how others are folded is the register's.
type words struct {
	hidden map[string]bool
	shown  map[jurat.Item]map[string]bool
	folded map[jurat.Item]bool // an open text has other letters
}

func newWords() *words {
	return &words{hidden: map[string]bool{}, shown: map[jurat.Item]map[string]bool{}, folded: map[jurat.Item]bool{}}
}

// sealed takes in the words of a sealed part.
func (w *words) sealed(d format.Disclosure) {
	if _, value, err := d.Open(); err == nil {
		texts(value, func(word string) { w.hidden[word] = true }, func() {})
	}
}

// open takes in the words of an open part about an item, its number and note
// among them.
func (w *words) open(item jurat.Item, part jurat.OpenPart) {
	of := w.shown[item]
	if of == nil {
		of = map[string]bool{}
		w.shown[item] = of
	}
	see, other := func(word string) { of[word] = true }, func() { w.folded[item] = true }
	texts(part.Value, see, other)
	for _, s := range [...]string{part.Note, string(item.ID)} {
		wordsOf(s, see, other)
	}
}

// texts calls fn with every ASCII word of the texts in a JSON value, in lower
// case, and other when there are letters of other kinds.
func texts(value json.RawMessage, fn func(word string), other func()) {
	var tree any
	if json.Unmarshal(value, &tree) != nil {
		return
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			wordsOf(v, fn, other)
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(tree)
}

// inert are characters outside ASCII that divide words and fold to nothing but
// what divides them too.
const inert = "\u00a0–—‘’“”…•·§«»°"

// wordsOf is texts of one text. A character that may fold to letters (№, ™, ½)
// counts as a letter of another kind.
func wordsOf(text string, fn func(word string), other func()) {
	if strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII && !strings.ContainsRune(inert, r) }) >= 0 {
		other()
	}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.In(r, unicode.L, unicode.N, unicode.M) }) {
		if strings.IndexFunc(word, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			other()
		} else {
			fn(strings.ToLower(word))
		}
	}
}

const (
	shortest  = 3 // letters of a word that is asked for
	longest   = 40
	mostAsked = 100_000 // words asked for in one check
	mostHits  = 10_000  // answers read to one word
)

// checkWords asks the index for every word of the chain's sealed parts, and
// checks that what it answers has the word in its open part too. The word
// itself is never shown.
func (c *check) checkWords(tx *register.Tx, ch *chain) error {
	if ch.in == register.House || len(ch.words.hidden) == 0 {
		return nil
	}
	leaks := map[jurat.Item]bool{}
	for word := range ch.words.hidden {
		if len(word) < shortest || len(word) > longest {
			continue
		}
		if c.queries++; c.queries > mostAsked {
			c.skip("the index of words for every word of the sealed parts: %d were asked for", mostAsked)
			return nil
		}
		q := register.Query{Text: word, Incident: ch.in, Limit: 256}
		for read := 0; read < mostHits; read += q.Limit {
			hits, err := tx.SearchItems(q)
			if err != nil {
				return err
			}
			for _, h := range hits {
				if !ch.words.explain(h.Item, word) {
					leaks[h.Item] = true
				}
			}
			if len(hits) < q.Limit {
				break
			}
			q.Before = hits[len(hits)-1].N
		}
	}
	for item := range leaks {
		c.altered("index of words, "+string(item.Noun)+" "+string(item.ID), "it is found by a word that stands in a sealed part and in no open part of it")
	}
	return nil
}

// explain reports whether an item may be found by a word: one of its own open
// parts has a word that begins so.
func (w *words) explain(item jurat.Item, word string) bool {
	if w.folded[item] {
		return true // the register may have folded it to this
	}
	for shown := range w.shown[item] {
		if strings.HasPrefix(shown, word) {
			return true
		}
	}
	return false
}
