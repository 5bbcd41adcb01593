package register

import (
	"strings"

	"jurat"
)

// Sound asks the database whether its tables, and the indexes they are read by,
// say the same: a row whose own columns changed is found by an index that did
// not, and reads as before until the index is made anew. checked is false where
// the engine cannot be asked. Altered: two copies of one value differ;
// Unavailable: the database's own structure is damaged, so that it cannot be
// told.
func (tx *Tx) Sound() (checked bool, err error) {
	if tx.dialect.sound == "" {
		return false, nil
	}
	var said []string
	err = tx.query(tx.dialect.sound, nil, func(c cells) error {
		if line := c.text(0); line != "ok" {
			said = append(said, line)
		}
		return nil
	})
	if err != nil || len(said) == 0 {
		return true, err
	}
	kind := jurat.Altered
	for _, line := range said {
		if !strings.Contains(line, " index ") { // not of a row and its index
			kind = jurat.Unavailable
		}
	}
	return true, jurat.Errorf(kind, "tables and indexes do not agree: %s", strings.Join(said, "; "))
}
