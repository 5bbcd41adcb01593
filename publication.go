package jurat

import (
	"encoding/json"
	"strings"
	"time"
)

// NumbersPublished is the act of showing everybody the numbers of a period.
const NumbersPublished Act = "numbers.published"

// A Published is the numbers of one period as they were shown to everybody
// (PUB-1). It is the house's own, belongs to no incident and is never taken
// back: what is corrected is published anew, and says what it corrects.
type Published struct {
	ID      ItemID    `json:"id"`      // such as publication-3
	Period  string    `json:"period"`  // a year, a quarter or a month
	Size    int64     `json:"size"`    // of the ledger they are counted at
	Figures string    `json:"figures"` // the file of the figures, byte for byte
	Digest  Digest    `json:"digest"`  // of that file
	By      PersonID  `json:"by"`
	At      time.Time `json:"at"`
}

// mostPublished is the largest file of figures, in bytes.
const mostPublished = 8 << 20

// PublishNumbers shows everybody the numbers of a period. A person's act.
// Invalid: no period, no checkpoint, or figures that are no JSON or too large.
func PublishNumbers(p Published, by Hand, at time.Time) (Published, Event, error) {
	if err := by.needPerson("publishing numbers"); err != nil {
		return Published{}, Event{}, err
	}
	switch {
	case !strings.HasPrefix(string(p.ID), string(NounPublication)+"-") || blank(p.Period) || p.Size <= 0:
		return Published{}, Event{}, Errorf(Invalid, "a publication needs a name, a period and the size of the ledger it is counted at")
	case len(p.Figures) > mostPublished || !json.Valid([]byte(p.Figures)):
		return Published{}, Event{}, Errorf(Invalid, "the figures are a JSON file of at most %d MiB", mostPublished>>20)
	}
	p.Digest, p.By, p.At = DigestOf([]byte(p.Figures)), by.Person, At(at)
	return p, Event{Act: NumbersPublished, Item: p.Item(), Value: p}, nil
}

// Item names the publication.
func (p Published) Item() Item { return Item{Noun: NounPublication, ID: p.ID} }
