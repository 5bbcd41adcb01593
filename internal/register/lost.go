package register

import "jurat"

// A Range is some numbers of a chain, from the first to the last of them.
type Range struct{ From, To int64 }

// Lost tells which numbers of an incident's chain no event has, up to where its
// head stands: none, unless rows were lost or taken away (EVD-5). What the rows
// that are there say is for the doubter.
//
// Errors: jurat.NotFound.
func (tx *Tx) Lost(in jurat.IncidentNumber) ([]Range, error) {
	head, err := tx.Head(in)
	if err != nil {
		return nil, err
	}
	var have int64
	err = tx.one("select count(*) from event where incident = $1 and seq <= $2", []any{string(in), head.Seq}, func(c cells) error {
		have = c.int(0)
		return nil
	})
	if err != nil || have == head.Seq+1 {
		return nil, err
	}
	var lost []Range
	next := int64(0)
	err = tx.query("select seq from event where incident = $1 and seq <= $2 order by seq", []any{string(in), head.Seq}, func(c cells) error {
		seq := c.int(0)
		if seq > next {
			lost = append(lost, Range{next, seq - 1})
		}
		next = seq + 1
		return nil
	})
	if err == nil && next <= head.Seq {
		lost = append(lost, Range{next, head.Seq})
	}
	return lost, err
}

// Openings counts how often an incident, or a sealed part in it, was opened.
func (tx *Tx) Openings(in jurat.IncidentNumber) (int, error) {
	n := 0
	err := tx.one("select count(*) from event e join disclosure d on d.event = e.id where e.incident = $1 and d.act in ($2, $3)",
		[]any{string(in), string(jurat.ItemOpened), string(jurat.IdentityOpened)}, func(c cells) error {
			n = int(c.int(0))
			return nil
		})
	return n, err
}
