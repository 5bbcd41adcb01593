package register

import (
	"errors"
	"fmt"
	"slices"

	"jurat"
)

// EraseParts erases the given parts, with their salts and keys, of the
// payloads of the given events; what is not there is passed over. Leaves and
// all other claims stay, so proofs still verify. Erasing the open part also
// forgets, of each event's item, its words in the index and, for an exhibit,
// its blob's row and wrapped key, and marks the item as disposed. The vault's
// own bytes are the caller's to remove. Call [Register.Scrub] afterwards.
// NotFound: no such event. The incident's chain must be held.
func (tx *Tx) EraseParts(events []jurat.EventID, classes []jurat.Class) error {
	if err := tx.flush(); err != nil { // words of an act in this very transaction are erased with the rest
		return err
	}
	for _, id := range events {
		e, err := tx.erasable(id)
		if err != nil {
			return err
		}
		for _, class := range classes {
			if class == jurat.ClassOpen {
				err = tx.eraseOpen(e)
			} else {
				_, err = tx.exec("delete from sealed where event = $1 and class = $2", string(id), string(class))
			}
			if err != nil {
				return fmt.Errorf("event %s: erase the part %s: %w", id, class, err)
			}
		}
	}
	return nil
}

// EraseClaims erases every disclosure of the given events, as a court ordered
// for a whole incident: all parts, and then all claims, with what the rows say
// of act, time and person. Nothing can be shown or proved of them afterwards
// but that something was recorded.
func (tx *Tx) EraseClaims(events []jurat.EventID) error {
	if err := tx.EraseParts(events, jurat.Classes[:]); err != nil {
		return err
	}
	for _, id := range events {
		if _, err := tx.exec("update disclosure set claims = null, person = '', act = '', at = 0 where event = $1", string(id)); err != nil {
			return fmt.Errorf("event %s: erase its claims: %w", id, err)
		}
	}
	return nil
}

// erasable gives the incident and item of an event whose chain is held.
func (tx *Tx) erasable(id jurat.EventID) (EventRow, error) {
	var e EventRow
	err := tx.one("select e.incident, d.noun, d.item from event e join disclosure d on d.event = e.id where e.id = $1", []any{string(id)}, func(c cells) error {
		e = EventRow{ID: id, Incident: jurat.IncidentNumber(c.text(0)), Item: jurat.Item{Noun: jurat.Noun(c.text(1)), ID: jurat.ItemID(c.text(2))}}
		return nil
	})
	if errors.Is(err, jurat.NotFound) {
		return e, jurat.Errorf(jurat.NotFound, "no event %s", id)
	}
	if err == nil && tx.held(e.Incident) == nil {
		err = unlocked(e.Incident)
	}
	return e, err
}

func (tx *Tx) eraseOpen(e EventRow) error {
	item := []any{string(e.Item.Noun), string(e.Item.ID)}
	if _, err := tx.exec("update disclosure set open = null where event = $1", string(e.ID)); err != nil {
		return err
	}
	first, err := tx.first(e.Incident, e.Item)
	if err != nil {
		return err
	}
	if _, err := tx.exec("delete from search_doc where n = $1", docNumber(e.Incident, first)); err != nil {
		return err
	}
	if e.Item.Noun == jurat.NounExhibit {
		for _, table := range []string{"blob_key", "blob"} {
			if _, err := tx.exec("delete from "+table+" where exhibit = $1", string(e.Item.ID)); err != nil {
				return err
			}
		}
	}
	_, err = tx.exec("update item set disposed = 1 where noun = $1 and id = $2 and incident = $3", slices.Concat(item, []any{string(e.Incident)})...)
	return err
}
