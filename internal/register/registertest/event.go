package registertest

import (
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// Noon is the time of the suite's events.
var Noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

// NewID makes an event id: a UUIDv7 of [Noon].
func NewID() jurat.EventID {
	var b [16]byte
	rand.Read(b[6:])
	ms := Noon.UnixMilli()
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return jurat.EventID(h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:])
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
	payload, err := format.Disclose(format.Salt{3}, "payload", map[string]any{"parts": []string{open.Digest()}})
	if err != nil {
		tb.Fatal(err)
	}
	return register.EventRow{
		ID: id, At: Noon, Act: "test.done", Incident: in, Seq: seq, Item: item, Person: "officer-4471",
		Leaf: []byte(`{"_sd":["` + claim.Digest() + `"]}`), Claims: []format.Disclosure{claim, payload}, Open: open,
	}
}
