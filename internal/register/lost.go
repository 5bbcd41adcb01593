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

// EachTorn calls fn with every chain of which [Tx.Lost] tells something, the
// house's first, then the incidents' in the order of their numbers. It ends when
// fn returns false. Where as many events are there as all heads together say,
// nothing is asked chain by chain: what lies beyond a head is for the doubter.
func (tx *Tx) EachTorn(fn func(jurat.IncidentNumber) (more bool, err error)) error {
	var missing int64
	err := tx.one("select (select sum(seq + 1) from incident_head) - (select count(*) from event)", nil, func(c cells) error { missing = c.int(0); return nil })
	if err != nil || missing == 0 {
		return err
	}
	const page = 50
	for after := int64(-1); ; {
		var torn []jurat.IncidentNumber
		err := tx.query("select h.incident, h.ordinal from incident_head h where h.ordinal > $1 and h.seq + 1 <>"+
			" (select count(*) from event e where e.incident = h.incident and e.seq <= h.seq) order by h.ordinal limit $2", []any{after, int64(page)},
			func(c cells) error {
				torn, after = append(torn, jurat.IncidentNumber(c.text(0))), c.int(1)
				return nil
			})
		if err != nil {
			return err
		}
		for _, in := range torn {
			if more, err := fn(in); err != nil || !more {
				return err
			}
		}
		if len(torn) < page {
			return nil
		}
	}
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
