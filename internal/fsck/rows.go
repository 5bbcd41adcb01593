package fsck

import (
	"errors"
	"slices"

	"jurat"
	"jurat/internal/register"
)

// checkRows reads every chain, the house's first, and what depends on them.
func (c *check) checkRows() {
	if c.rec.Rows == nil {
		c.unsure("register", "the register could not be opened")
		return
	}
	err := c.rec.Rows.Read(c.ctx, func(tx *register.Tx) error {
		if err := c.readPending(tx); err != nil {
			return err
		}
		if err := c.walk(tx); err != nil {
			return err
		}
		if err := c.checkIndexed(tx); err != nil {
			return err
		}
		if n, err := tx.Strays(); err != nil {
			return err
		} else if n > 0 {
			c.altered("register", "%s to nothing: items, events, disclosures, sealed parts or keys without what they are of", belong(n))
		}
		for _, check := range []func(*register.Tx) error{c.checkSeries, c.checkMeta, c.checkStrayDocuments} {
			if err := check(tx); err != nil {
				return err
			}
		}
		if err := c.checkLogins(tx); err != nil {
			return err
		}
		return c.checkJournal(tx)
	})
	c.skip("whether a sealed part is missing that no open part names, such as an exhibit's original name: a leaf does not show how many there were")
	if err != nil {
		c.because("register", err)
		c.skip("the rows that come after what could not be read")
	}
	c.sorted(func() {
		for origin, where := range c.issuers {
			if len(c.origins) > 0 && !slices.Contains(c.origins, origin) {
				c.altered(where, "the leaf is issued by %s, and this record's log is %s", origin, c.origins[0])
			}
		}
	})
}

// checkLogins checks the rows by which people come in. They are no part of the
// ledger and prove nothing; but what a program of ours did not write there lets
// somebody in, or tells what nobody may read.
func (c *check) checkLogins(tx *register.Tx) error {
	nobody, bare, err := tx.LoginStrays()
	if nobody > 0 {
		c.altered("register", "%s to nobody on the record: ways to come in that were not made at the counter", belong(nobody))
	}
	if bare > 0 {
		c.altered("register", "%s what lets people in neither hashed nor sealed", holds(bare))
	}
	return err
}

func holds(n int64) string {
	if n == 1 {
		return "1 row holds"
	}
	return count(n, "row") + " hold"
}

func belong(n int64) string {
	if n == 1 {
		return "1 row belongs"
	}
	return count(n, "row") + " belong"
}

// walk checks every chain, and that no incident's number was skipped.
func (c *check) walk(tx *register.Tx) error {
	c.nameOrigins()
	var before jurat.IncidentNumber
	house := false
	err := tx.Heads(func(in jurat.IncidentNumber, h register.Head) error {
		if in == register.House {
			house = true
		} else {
			c.checkNumber(before, in)
			before = in
		}
		return c.checkChain(tx, in, h)
	})
	if err == nil && !house {
		c.altered("register", "the house has no chain")
	}
	return err
}

// checkNumber checks that no incident stood between two numbers.
func (c *check) checkNumber(before, in jurat.IncidentNumber) {
	year, n, ok := parseNumber(in)
	if !ok {
		c.altered("register", "%q is not an incident's number", in)
		return
	}
	c.years[year] = int64(n)
	beforeYear, beforeN, _ := parseNumber(before)
	if year != beforeYear {
		beforeN = 0
	}
	switch n - beforeN {
	case 1:
	case 2:
		c.altered("incident "+string(jurat.NewIncidentNumber(year, n-1)), "the incident is missing: its number was given, and nothing is there")
	default:
		c.altered("incident "+string(jurat.NewIncidentNumber(year, beforeN+1)), "incidents up to %s are missing: their numbers were given, and nothing is there", jurat.NewIncidentNumber(year, n-1))
	}
}

func parseNumber(in jurat.IncidentNumber) (year, n int, ok bool) {
	if _, err := jurat.ParseIncidentNumber(string(in)); err != nil {
		return 0, 0, false
	}
	for _, d := range in[:4] {
		year = 10*year + int(d-'0')
	}
	for _, d := range in[5:] {
		n = 10*n + int(d-'0')
	}
	return year, n, true
}

// readPending reads which events have no index, in their order.
func (c *check) readPending(tx *register.Tx) error {
	c.pending = map[jurat.EventID]int64{}
	err := tx.EachPending(func(id jurat.EventID) error {
		if _, twice := c.pending[id]; twice {
			c.altered("register", "event %s waits for an index twice", id)
		}
		c.pending[id] = awaiting + int64(len(c.pending))
		return nil
	})
	if n := int64(len(c.pending)); n > 0 {
		c.note("%s a checkpoint", await(n))
	}
	return err
}

func await(n int64) string {
	if n == 1 {
		return "1 event awaits"
	}
	return count(n, "event") + " await"
}

// awaiting is a place after every index of a log, for events without one.
const awaiting = int64(1) << 62

// place gives where an event stands among all: its index, or after all
// indexes. ok is false for an event that has no place.
func (c *check) place(tx *register.Tx, id jurat.EventID, where string) (at int64, ok bool, err error) {
	at, err = tx.LeafIndex(id)
	waits, waiting := c.pending[id]
	delete(c.pending, id)
	switch {
	case err == nil:
		c.walked++
		if waiting {
			c.altered(where, "the event has index %d, and waits for one", at)
		}
		return at, true, nil
	case !errors.Is(err, jurat.NotFound):
		return 0, false, err
	case !waiting:
		c.altered(where, "the event has no index and does not wait for one: it would never be published")
	}
	return waits, waiting, nil
}

// checkIndexed checks, after the walk, that nothing has or awaits an index that
// stands in no chain.
func (c *check) checkIndexed(tx *register.Tx) error {
	c.sorted(func() {
		for id := range c.pending {
			c.altered("register", "event %s waits for an index and stands in no chain", id)
		}
	})
	head, err := tx.TreeHead()
	if err != nil {
		return err
	}
	var indexed int64
	for row, err := range rows(tx.EachLeaf, head.Log) {
		if err != nil {
			return err
		}
		if row.Event != "" {
			indexed++
		}
	}
	if indexed != c.walked {
		c.altered("register", "%s an index in the log, and %d stand in a chain", have(indexed), c.walked)
	}
	return nil
}

func have(n int64) string {
	if n == 1 {
		return "1 event has"
	}
	return count(n, "event") + " have"
}
