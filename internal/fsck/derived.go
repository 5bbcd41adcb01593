package fsck

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"jurat"
	"jurat/internal/register"
)

// A gone is a sealed part that an event commits to, by what its open part says,
// and that does not stand with it.
type gone struct {
	class jurat.Class
	where string
}

// seeParts compares the sealed parts an event names with those that stand with
// it. A record's value names those of the text it was written with; a party's
// those stated so far, the new ones by this event; an account says that it was
// compelled. What an event's value does not name nobody can miss: a leaf does
// not show how many parts there were.
func (c *check) seeParts(s *seen, e register.EventRow, part jurat.OpenPart, where string) {
	var v struct {
		Parts     []jurat.Class `json:"parts"`
		Compelled bool          `json:"compelled"`
	}
	if json.Unmarshal(part.Value, &v) != nil {
		return
	}
	var due []jurat.Class
	switch e.Act {
	case jurat.RecordAdded, jurat.RecordAmended:
		due = v.Parts
	case jurat.PartyAdded, jurat.PartyAmended:
		for _, class := range v.Parts {
			if !slices.Contains(s.parts, class) {
				due = append(due, class)
			}
		}
	case jurat.AccountGiven:
		if v.Compelled {
			due = []jurat.Class{jurat.ClassCompelled}
		}
	}
	s.parts = v.Parts
	for _, class := range due {
		if !slices.ContainsFunc(e.Sealed, func(p register.SealedPart) bool { return p.Class == class }) {
			s.gone = append(s.gone, gone{class, where})
		}
	}
}

// checkGone tells the parts that are missing of an item that was not disposed
// of.
func (c *check) checkGone(s *seen) {
	for _, one := range s.gone {
		c.altered(one.where, "the sealed part %s that it names is missing, and nothing on the record says that it was disposed of", one.class)
	}
}

// checkNumbers compares, for each kind of thing of an incident, the last number
// given with the numbers in use: a series that is behind gives one again.
func (c *check) checkNumbers(tx *register.Tx, ch *chain) error {
	if ch.in == register.House {
		return nil
	}
	given, err := tx.Counts(ch.in)
	if errors.Is(err, jurat.Altered) {
		c.because(ch.name, err)
		return nil
	}
	if err != nil {
		return err
	}
	last := map[jurat.Noun]int64{}
	for noun := range given {
		last[noun] = 0
	}
	for item := range ch.items {
		if n, ok := numberOf(ch.in, item); ok {
			last[item.Noun] = max(last[item.Noun], n)
		}
	}
	for noun, n := range last {
		c.compareSeries(ch.name, string(noun), given[noun], n)
	}
	return nil
}

func (c *check) compareSeries(where, what string, given, last int64) {
	switch {
	case given < last:
		c.altered(where, "the register counts %d of %s, and number %d is in use", given, what, last)
	case given > last:
		c.unsure(where, "%d numbers of %s were given, and the last in use is %d: whether something stood under the others cannot be told", given, what, last)
	}
}

// numberOf gives the number of an item that is numbered within its incident.
func numberOf(in jurat.IncidentNumber, item jurat.Item) (int64, bool) {
	if _, err := jurat.ParseItemID(item.Noun, string(item.ID)); err != nil || item.ID.Incident() != in {
		return 0, false
	}
	digits := strings.TrimLeft(strings.TrimPrefix(string(item.ID), string(in)+"-"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil
}

// checkSeries checks the series of incidents' numbers, and that each other one
// is known.
func (c *check) checkSeries(tx *register.Tx) error {
	for _, year := range slices.Sorted(maps.Keys(c.years)) {
		given, err := tx.IncidentCounter(year)
		if err != nil {
			return err
		}
		c.compareSeries("register", "incidents of "+strconv.Itoa(year), given, c.years[year])
	}
	return tx.EachCounter(func(series string, n int64) error {
		of, what, _ := strings.Cut(series, " ")
		switch year, err := strconv.Atoi(what); {
		case of == "house": // names
		case series == "journal":
			c.lines = n
		case of == "incident" && err == nil:
			if c.years[year] == 0 && n > 0 {
				c.unsure("register", "%d numbers of incidents of %d were given, and none is there", n, year)
			}
		default:
			c.unsure("register", "a series of numbers %q is none that this program knows", series)
		}
		return nil
	})
}

// A taken is a dossier that was taken in, by the log and the referral it is of.
type taken struct {
	in               jurat.IncidentNumber
	origin, referral string
	where            string
}

func (c *check) seeTaken(in jurat.IncidentNumber, value json.RawMessage, where string) {
	var d jurat.Dossier
	if json.Unmarshal(value, &d) == nil && d.Origin != "" {
		c.taken = append(c.taken, taken{in, d.Origin, d.Referral, where})
	}
}

// checkMeta compares the facts kept about the whole record with its events:
// which incident here belongs to a referral of another record.
func (c *check) checkMeta(tx *register.Tx) error {
	known := map[jurat.IncidentNumber]bool{}
	err := tx.EachMeta(func(name, value string) error {
		rest, ok := strings.CutPrefix(name, "referral ")
		origin, referral, ok2 := strings.Cut(rest, " ")
		in := jurat.IncidentNumber(value)
		switch {
		case !ok || !ok2:
			c.unsure("register", "a fact %q about the record is none that this program knows", name)
		case !slices.ContainsFunc(c.taken, func(t taken) bool { return t.in == in && t.origin == origin && t.referral == referral }):
			c.altered("register", "it says that referral %s of %s is here as incident %s, and no dossier of it was taken in there", referral, origin, value)
		}
		known[in] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range c.taken {
		if !known[t.in] {
			c.altered(t.where, "a dossier of referral %s of %s was taken in, and the register does not say that it is here: the next would open another incident", t.referral, t.origin)
			known[t.in] = true
		}
	}
	return nil
}
