package fsck

import (
	"encoding/json"
	"errors"
	"fmt"

	"jurat"
	"jurat/internal/register"
)

// seeExhibit keeps what an exhibit held here was received as, and checks that
// no later event says other of its bytes.
func (c *check) seeExhibit(s *seen, value json.RawMessage, where string) {
	var x jurat.Exhibit
	if err := json.Unmarshal(value, &x); err != nil {
		c.unsure(where, "the exhibit cannot be read: %v", err)
		return
	}
	if s.exhibit == nil {
		if x.Held == jurat.HeldHere {
			s.exhibit = &x
		}
		return
	}
	if x.Digest != s.exhibit.Digest || x.Size != s.exhibit.Size || x.Held != s.exhibit.Held {
		c.altered(where, "it says other of the bytes of %s than the event that received them", x.ID)
	}
}

// checkExhibits checks that the register says of the bytes of each exhibit
// held here what its event says.
func (c *check) checkExhibits(tx *register.Tx, ch *chain) error {
	for item, s := range ch.items {
		if s.exhibit == nil {
			continue
		}
		where := "exhibit " + string(item.ID)
		b, err := tx.Blob(item.ID)
		if errors.Is(err, jurat.NotFound) {
			c.altered(where, "it is held here, was not disposed of, and nothing says where its bytes are")
			continue
		}
		if answerTo(err) == Altered {
			c.because(where, err)
			continue
		}
		if err != nil {
			return err
		}
		differs := func(what string, row, event any) {
			c.altered(where, "the register says its bytes have %s %v, and its event commits to %v", what, row, event)
		}
		if b.Digest != s.exhibit.Digest {
			differs("digest", b.Digest, s.exhibit.Digest)
		}
		if b.Size != s.exhibit.Size {
			differs("size", b.Size, s.exhibit.Size)
		}
		if b.Incident != ch.in {
			c.altered(where, "the register files its bytes with incident %s", b.Incident)
		}
	}
	return nil
}

// received gives what the event of an exhibit commits its bytes to be.
func received(tx *register.Tx, b register.BlobRow) (jurat.Exhibit, error) {
	var x jurat.Exhibit
	item, err := tx.Item(jurat.Item{Noun: jurat.NounExhibit, ID: b.Exhibit})
	if err != nil {
		return x, err
	}
	var part jurat.OpenPart
	if err := json.Unmarshal(item.Open, &part); err != nil {
		return x, fmt.Errorf("exhibit %s: %w", b.Exhibit, err)
	}
	if err := json.Unmarshal(part.Value, &x); err != nil {
		return x, fmt.Errorf("exhibit %s: %w", b.Exhibit, err)
	}
	return x, nil
}
