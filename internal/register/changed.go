package register

import "jurat"

// A Mark is how far somebody knows the record: which events had an index in which
// log, and where the house's own chain stood.
type Mark struct {
	log, size int64
	house     Head
}

// Mark is how far this transaction knows the record.
func (tx *Tx) Mark() (Mark, error) {
	head, err := tx.TreeHead()
	if err != nil {
		return Mark{}, err
	}
	house, err := tx.Head(House)
	return Mark{head.Log, head.Size, house}, err
}

// ChangedSince gives the incidents that an event is about which a mark may not know
// of: every event that has an index since, and every one that has none yet.
// NotFound: it cannot be told, because another log was begun.
func (tx *Tx) ChangedSince(m Mark) ([]jurat.IncidentNumber, error) {
	head, err := tx.TreeHead()
	if err != nil {
		return nil, err
	}
	if head.Log != m.log || head.Size < m.size {
		return nil, jurat.Errorf(jurat.NotFound, "another log was begun since")
	}
	var all []jurat.IncidentNumber
	err = tx.query("select e.incident from leaf_index l join event e on e.id = l.event where l.log = $1 and l.idx >= $2 and e.incident <> ''"+
		" union select e.incident from pending p join event e on e.id = p.event where e.incident <> ''", []any{m.log, m.size}, func(c cells) error {
		all = append(all, jurat.IncidentNumber(c.text(0)))
		return nil
	})
	return all, err
}

// HouseSince gives the nouns the house's acts were about since a mark.
func (tx *Tx) HouseSince(m Mark) ([]jurat.Noun, error) {
	house, err := tx.Head(House)
	if err != nil || house == m.house {
		return nil, err
	}
	var nouns []jurat.Noun
	err = tx.query("select distinct coalesce(d.noun, '') from event e left join disclosure d on d.event = e.id where e.incident = '' and e.seq > $1", []any{m.house.Seq}, func(c cells) error {
		nouns = append(nouns, jurat.Noun(c.text(0)))
		return nil
	})
	return nouns, err
}
