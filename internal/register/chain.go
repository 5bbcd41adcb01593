package register

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// House is the place of acts that belong to no incident: people, offices,
// orders, keys. It is a chain of its own here, though no claim names it.
const House jurat.IncidentNumber = ""

// NextIncident gives the next number of a year and opens its chain, which this
// transaction then holds as after [Tx.Lock]. Numbers have no gaps: a
// transaction that fails gives its number back.
func (tx *Tx) NextIncident(year int) (jurat.IncidentNumber, error) {
	if year < 1 || year > 9999 {
		return "", jurat.Errorf(jurat.Invalid, "year %d: want 1 to 9999", year)
	}
	n, err := tx.count(yearSeries(year))
	if err != nil {
		return "", err
	}
	in := jurat.NewIncidentNumber(year, int(n))
	_, err = tx.exec("insert into incident_head (incident, ordinal, seq, prev) values ($1, $2, -1, $3)",
		string(in), int64(year)*ordinalYear+n, []byte{})
	if err != nil {
		return "", err
	}
	tx.locked = append(tx.locked, lockedHead{incident: in, Head: Head{Seq: -1}})
	return in, nil
}

func yearSeries(year int) string { return fmt.Sprintf("incident %04d", year) }

const ordinalYear = 1_000_000_000

// ordinal orders incidents by year and count; 0 for what is no incident.
func ordinal(in jurat.IncidentNumber) int64 {
	in, err := jurat.ParseIncidentNumber(string(in))
	if err != nil {
		return 0
	}
	year, _ := strconv.ParseInt(string(in[:4]), 10, 64)
	n, _ := strconv.ParseInt(string(in[5:]), 10, 64)
	return year*ordinalYear + n
}

// Lock holds the chain of an incident, or of the [House], until the
// transaction ends, and says where it stands: whoever locks it next sees what
// this transaction did. Lock before reading what an act depends on. NotFound:
// no such incident.
func (tx *Tx) Lock(in jurat.IncidentNumber) (Head, error) {
	if err := tx.may(); err != nil {
		return Head{}, err
	}
	if held := tx.held(in); held != nil {
		return held.Head, nil
	}
	h := lockedHead{incident: in}
	err := tx.one("select seq, prev, numbers from incident_head where incident = $1"+tx.dialect.lock, []any{string(in)}, func(c cells) (err error) {
		h.numbers = c.text(2)
		h.Head, err = scanHead(in, c.int(0), c.bytes(1))
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return Head{}, noIncident(in)
	}
	if err != nil {
		return Head{}, err
	}
	tx.locked = append(tx.locked, h)
	return h.Head, nil
}

// Head says where a chain stands, without holding it. NotFound: no such
// incident.
func (tx *Tx) Head(in jurat.IncidentNumber) (Head, error) {
	var h Head
	err := tx.one("select seq, prev from incident_head where incident = $1", []any{string(in)}, func(c cells) (err error) {
		h, err = scanHead(in, c.int(0), c.bytes(1))
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return Head{}, noIncident(in)
	}
	return h, err
}

// Heads calls fn with every chain and where it stands, the house's first, then
// by number.
func (tx *Tx) Heads(fn func(in jurat.IncidentNumber, h Head) error) error {
	return tx.pages("select ordinal, incident, seq, prev from incident_head where ordinal > $1 order by ordinal limit $2", -1,
		func(c cells) error {
			in := jurat.IncidentNumber(c.text(1))
			h, err := scanHead(in, c.int(2), c.bytes(3))
			if err != nil {
				return err
			}
			return fn(in, h)
		})
}

// NextItem gives the next number of a noun within an incident this transaction
// holds. Numbers have no gaps: one that no event is about in the end is given
// again. One in use never is, even when the count of them was set back: the new
// item would stand in the old one's place.
func (tx *Tx) NextItem(in jurat.IncidentNumber, noun jurat.Noun) (jurat.ItemID, error) {
	if in == House {
		return "", jurat.Errorf(jurat.Invalid, "a %s of the house has a name, not a number", noun)
	}
	held := tx.held(in)
	if held == nil {
		return "", unlocked(in)
	}
	for {
		var n int
		held.numbers, n = oneMore(held.numbers, noun)
		i := jurat.Item{Noun: noun, ID: jurat.NumberItem(in, noun, n)}
		first, err := tx.first(in, i)
		if err != nil || first < 0 {
			held.fresh = append(held.fresh, i)
			return i.ID, err
		}
	}
}

// oneMore counts one more of a noun in the counts of a head, such as
// "party 3 record 12", and gives the counts after it. What cannot be read there
// is left out: it is counted from 1 again.
func oneMore(numbers string, noun jurat.Noun) (after string, n int) {
	var all []string
	for was := strings.Fields(numbers); len(was) >= 2; was = was[2:] {
		k, err := strconv.Atoi(was[1])
		switch {
		case err != nil || k < 0:
		case was[0] == string(noun):
			n = k
		default:
			all = append(all, was[0], was[1])
		}
	}
	return strings.Join(append(all, string(noun), strconv.Itoa(n+1)), " "), n + 1
}

// first is the place in its chain of the first event about an item; -1 when
// there is none, and unknown when there is but the row does not say it.
func (tx *Tx) first(in jurat.IncidentNumber, i jurat.Item) (int64, error) {
	first := int64(-1)
	err := tx.query("select first from item where incident = $1 and noun = $2 and id = $3", []any{string(in), string(i.Noun), string(i.ID)}, func(c cells) error {
		if first = c.int(0); first < 0 {
			first = unknown
		}
		return nil
	})
	return first, err
}

const unknown = 1 << 62

// NextName gives the next name of a noun of the house, such as person-3, in a
// transaction that holds the house.
func (tx *Tx) NextName(noun jurat.Noun) (jurat.ItemID, error) {
	if tx.held(House) == nil {
		return "", unlocked(House)
	}
	n, err := tx.count("house " + string(noun))
	if err != nil {
		return "", err
	}
	return jurat.ItemID(string(noun) + "-" + strconv.FormatInt(n, 10)), nil
}

// count is the next of a series from 1.
func (tx *Tx) count(series string) (int64, error) {
	var n int64
	err := tx.change("insert into counter (name, n) values ($1, 1) on conflict (name) do update set n = counter.n + 1 returning n",
		[]any{series}, func(c cells) error { n = c.int(0); return nil })
	return n, err
}

func (tx *Tx) held(in jurat.IncidentNumber) *lockedHead {
	for i := range tx.locked {
		if tx.locked[i].incident == in {
			return &tx.locked[i]
		}
	}
	return nil
}

func scanHead(in jurat.IncidentNumber, seq int64, prev []byte) (Head, error) {
	h := Head{Seq: seq}
	if len(prev) != 0 && copy(h.Prev[:], prev) != tlog.HashSize {
		return Head{}, jurat.Errorf(jurat.Altered, "incident %s: the hash of its last leaf has %d bytes", in, len(prev))
	}
	return h, nil
}

func noIncident(in jurat.IncidentNumber) error {
	return jurat.Errorf(jurat.NotFound, "no incident %s", in)
}

func unlocked(in jurat.IncidentNumber) error {
	if in == House {
		return jurat.Errorf(jurat.Invalid, "the house's chain was not locked first")
	}
	return jurat.Errorf(jurat.Invalid, "incident %s was not locked first", in)
}
