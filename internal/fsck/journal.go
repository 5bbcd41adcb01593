package fsck

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"jurat"
	"jurat/internal/register"
)

// A journalDigest is an event that commits to lines of the security journal.
type journalDigest struct {
	jurat.JournalDigest
	where string
}

// checkJournal checks that the journal's lines are dense, and that each digest
// on the record is of the lines it names: SHA-256 over each line's row as JSON
// and a newline.
func (c *check) checkJournal(tx *register.Tx) error {
	due := c.digests
	covered := int64(0)
	for _, d := range due {
		if d.From != covered+1 || d.To < d.From {
			c.altered(d.where, "it commits to lines %d to %d of the security journal, and the digest before it ended at line %d", d.From, d.To, covered)
		}
		covered = max(covered, d.To)
	}
	h, last := sha256.New(), int64(0)
	err := tx.EachJournal(func(j register.JournalRow) error {
		if j.N != last+1 {
			c.altered(fmt.Sprintf("security journal, line %d", last+1), "lines are missing: line %d comes next", j.N)
		}
		last = j.N
		for len(due) > 0 && j.N > due[0].To {
			c.altered(due[0].where, "the last line of the security journal it commits to is missing")
			due = due[1:]
			h.Reset()
		}
		if len(due) == 0 || j.N < due[0].From {
			return nil
		}
		line, err := json.Marshal(j)
		if err != nil {
			c.unsure(fmt.Sprintf("security journal, line %d", j.N), "the line cannot be written as JSON: %v", err)
			return nil
		}
		h.Write(append(line, '\n'))
		if j.N == due[0].To {
			if jurat.Digest(h.Sum(nil)) != due[0].Digest {
				c.altered(due[0].where, "lines %d to %d of the security journal are not those it commits to", due[0].From, due[0].To)
			}
			due = due[1:]
			h.Reset()
		}
		return nil
	})
	if err != nil {
		return err
	}
	c.compareSeries("security journal", "lines", c.lines, last)
	for _, d := range due {
		c.altered(d.where, "it commits to lines %d to %d of the security journal, and the last line there is %d", d.From, d.To, last)
	}
	if last > covered {
		c.note("%s of the security journal %s not yet committed to by a digest", count(last-covered, "line"), isAre(last-covered))
	}
	return nil
}

func isAre(n int64) string {
	if n == 1 {
		return "is"
	}
	return "are"
}
