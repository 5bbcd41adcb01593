package fsck

import (
	"encoding/json"
	"strings"

	"jurat"
	"jurat/internal/register"
)

// findable is where the texts lie by which a search finds an item: members of
// its value, a list of them for those of each element.
var findable = map[jurat.Noun][]string{
	jurat.NounIncident:   {"title", "event_number", "rd_number", "place.description", "place.beat", "place.district"},
	jurat.NounRecord:     {"type", "fields"},
	jurat.NounExhibit:    {"kind", "system", "key", "received_from"},
	jurat.NounParty:      {"slot", "capacity", "agency"},
	jurat.NounAccount:    {"side", "text", "source"},
	jurat.NounAllegation: {"offence", "cite", "source", "elements.for.note", "elements.against.note"},
	jurat.NounFlag:       {"grounds"},
	jurat.NounHold:       {"matter"},
	jurat.NounDisposal:   {"certificate"},
	jurat.NounContact:    {"office", "what"},
	jurat.NounReferral:   {"to", "reason", "answers.reason"},
}

// checkFound compares what is indexed of an incident with its open parts: each
// item is found by the words of its last one, and by no others.
func (c *check) checkFound(tx *register.Tx, ch *chain) error {
	if ch.in == register.House {
		return nil
	}
	documents, err := tx.Documents(ch.in)
	if err != nil {
		return err
	}
	indexed := map[jurat.Item]bool{}
	for _, d := range documents {
		where := "index of words, " + string(d.Item.Noun) + " " + string(d.Item.ID)
		indexed[d.Item] = true
		s := ch.items[d.Item]
		switch {
		case s == nil:
			c.altered(where, "it is indexed, and no event is about it")
		case d.Event != s.last:
			c.altered(where, "it is indexed as event %s left it, and the last event about it is %s", d.Event, s.last)
		case s.valued != s.last:
			c.altered(where, "it is indexed, and its open part is not on the record")
		default:
			c.compareWords(ch, d, s, where)
		}
	}
	for item, s := range ch.items {
		// An item after so many events of its incident is not indexed.
		if _, found := findable[item.Noun]; found && !indexed[item] && s.erased == 0 && s.valued == s.last && s.first < unindexed {
			c.unsure("index of words, "+string(item.Noun)+" "+string(item.ID), "it is not indexed: no search finds it")
		}
	}
	return nil
}

// unindexed is how many events of an incident have a place in the index.
const unindexed = 1 << 19

// mostIndexed is how many bytes of words are indexed of one text.
const mostIndexed, longestIndexed = 1 << 18, 48

func (c *check) compareWords(ch *chain, d register.Document, s *seen, where string) {
	if d.Item.Noun == jurat.NounIncident {
		var v struct {
			Title string `json:"title"`
		}
		if json.Unmarshal(s.value.Value, &v) == nil && v.Title != d.Title {
			c.altered(where, "it is shown under another title than its open part has")
		}
	} else if d.Title != "" {
		c.altered(where, "it is shown under a title, and its open part has none")
	}
	if ch.words.folded[d.Item] || len(d.Words) > mostIndexed/2 {
		return // how other letters are folded is the register's, and so is what is left out of a long text
	}
	have := map[string]bool{}
	for word := range strings.FieldsSeq(d.Words) {
		have[word] = true
		if !ch.words.shown[d.Item][word] && !ch.words.cut(d.Item, word) {
			c.altered(where, "it is found by a word that stands in no open part of it")
			return
		}
	}
	missing := false
	want := func(word string) { missing = missing || !have[word[:min(len(word), longestIndexed)]] }
	for _, path := range findable[d.Item.Noun] {
		along(s.value.Value, path, func(value json.RawMessage) { texts(value, want, func() {}) })
	}
	wordsOf(s.value.Note, want, func() {})
	wordsOf(string(d.Item.ID), want, func() {})
	if missing {
		c.unsure(where, "it is not found by every word of its open part: the index was changed, or made by another version of the program")
	}
}

// cut reports whether a word is the beginning, as far as it is indexed, of a
// longer one of an item.
func (w *words) cut(item jurat.Item, word string) bool {
	if len(word) != longestIndexed {
		return false
	}
	for shown := range w.shown[item] {
		if strings.HasPrefix(shown, word) {
			return true
		}
	}
	return false
}

// along calls fn with what lies in a value at members named one in another,
// through every list on the way.
func along(value json.RawMessage, path string, fn func(json.RawMessage)) {
	var list []json.RawMessage
	if path == "" {
		fn(value)
		return
	}
	if json.Unmarshal(value, &list) == nil {
		for _, e := range list {
			along(e, path, fn)
		}
		return
	}
	var object map[string]json.RawMessage
	name, rest, _ := strings.Cut(path, ".")
	if json.Unmarshal(value, &object) == nil && object[name] != nil {
		along(object[name], rest, fn)
	}
}

// checkStrayDocuments checks that nothing is indexed under another incident's
// numbers than its own.
func (c *check) checkStrayDocuments(tx *register.Tx) error {
	n, err := tx.StrayDocuments()
	if err == nil && n > 0 {
		c.altered("index of words", "%s to an incident under whose number nothing of it is indexed", belong(n))
	}
	return err
}
