package registertest

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// Noon is the time of the suite's events.
var Noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// An IDs makes event ids that rise.
type IDs struct{ n atomic.Uint64 }

// Next is the next id, in the spelling of a UUIDv7.
func (i *IDs) Next() jurat.EventID {
	n := i.n.Add(1)
	var r [5]byte
	rand.Read(r[:])
	return jurat.EventID(fmt.Sprintf("0197c4a0-%04x-7%03x-8%s-%s%02x", n>>12&0xffff, n&0xfff, "abc", hex.EncodeToString(r[:]), n&0xff))
}

// Event makes an event about an item: a small leaf that commits to nothing,
// and disclosures that are spelled right.
func Event(tb testing.TB, id jurat.EventID, in jurat.IncidentNumber, seq int64, item jurat.Item, value any) register.EventRow {
	tb.Helper()
	open, err := format.Disclose(format.Salt{1}, "open", map[string]any{"item": map[string]any{"noun": string(item.Noun), "id": string(item.ID)}, "value": value})
	if err != nil {
		tb.Fatal(err)
	}
	claim, err := format.Disclose(format.Salt{2}, "id", string(id))
	if err != nil {
		tb.Fatal(err)
	}
	return register.EventRow{
		ID: id, At: Noon, Act: "test.done", Incident: in, Seq: seq, Item: item, Person: "officer-4471",
		Leaf: []byte(`{"_sd":["` + string(id) + `"]}`), Claims: []format.Disclosure{claim, open}, Open: open,
	}
}

// Hash is what the next event of a chain names as its previous leaf.
func Hash(e register.EventRow) tlog.Hash { return tlog.RecordHash(e.Leaf) }
