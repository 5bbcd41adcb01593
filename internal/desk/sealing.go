package desk

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"io"
	"regexp"
	"sync"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// salts is the system's random source, read in blocks: a leaf takes some four
// hundred bytes, in pieces of sixteen.
var salts io.Reader = &blockReader{r: bufio.NewReaderSize(rand.Reader, 4096)}

type blockReader struct {
	mu sync.Mutex
	r  *bufio.Reader
}

func (b *blockReader) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return io.ReadFull(b.r, p)
}

func newSealer(kek []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(kek)
	if err != nil || len(kek) != 32 {
		return nil, jurat.Errorf(jurat.Invalid, "the wrapping key must be 32 bytes, not %d", len(kek))
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal encrypts one sealed disclosure under a key of its own, wrapped by the
// KEK. Event and class are bound to both, so parts cannot be swapped.
func (d *Desk) seal(id jurat.EventID, class jurat.Class, body format.Disclosure) (register.SealedPart, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return register.SealedPart{}, err
	}
	part, err := newSealer(key)
	if err != nil {
		return register.SealedPart{}, err
	}
	bound := binding(id, class)
	return register.SealedPart{Class: class, Key: d.sealer.Seal(nil, nil, key, bound), Body: part.Seal(nil, nil, []byte(body), bound)}, nil
}

// unseal is the disclosure again. Altered: part is not what was sealed for
// this event and class. Unavailable: the wrapping key does not open it.
func (d *Desk) unseal(id jurat.EventID, part register.SealedPart) (format.Disclosure, error) {
	bound := binding(id, part.Class)
	key, err := d.sealer.Open(nil, nil, part.Key, bound)
	if err != nil {
		return "", jurat.Because(jurat.Unavailable, err, "the wrapping key does not open the %s part of event %s", part.Class, id)
	}
	aead, err := newSealer(key)
	if err != nil {
		return "", err
	}
	body, err := aead.Open(nil, nil, part.Body, bound)
	if err != nil {
		return "", jurat.Because(jurat.Altered, err, "the %s part of event %s is not what was sealed", part.Class, id)
	}
	return format.Disclosure(body), nil
}

func binding(id jurat.EventID, class jurat.Class) []byte {
	return []byte("jurat sealed part\x00" + string(id) + "\x00" + string(class))
}

// row is the event as the register keeps it: leaf and claims, the open part,
// and each sealed part encrypted.
func (d *Desk) row(ev jurat.Event, p format.Place, s format.Sheet) (register.EventRow, error) {
	row := register.EventRow{
		ID: ev.ID, At: ev.At, Act: ev.Act, Incident: ev.Incident, Seq: p.Seq, Item: ev.Item,
		Leaf: s.Leaf, Claims: s.Claims, Open: s.Parts[jurat.ClassOpen], Person: ev.Actor.Person,
	}
	for class, body := range s.Parts {
		if class == jurat.ClassOpen {
			continue
		}
		part, err := d.seal(ev.ID, class, body)
		if err != nil {
			return register.EventRow{}, err
		}
		row.Sealed = append(row.Sealed, part)
	}
	if ev.Incident != "" && ev.Item.Noun != jurat.NounLook && ev.Item.Noun != jurat.NounCheck {
		row.Search = words(ev)
		if in, ok := ev.Value.(jurat.Incident); ok {
			row.Title = in.Title
		}
	}
	return row, nil
}

// newEventID is a UUIDv7 for a moment: 48 bits of milliseconds, the rest
// random.
func newEventID(at time.Time) (jurat.EventID, error) {
	var b [16]byte
	if _, err := io.ReadFull(salts, b[6:]); err != nil {
		return "", err
	}
	ms := uint64(at.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6], b[8] = b[6]&0x0f|0x70, b[8]&0x3f|0x80
	return jurat.EventID(fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])), nil
}

// lowestID is the least id an event of a moment can have.
func lowestID(at time.Time) jurat.EventID {
	ms := fmt.Sprintf("%012x", uint64(max(0, at.UnixMilli()))&(1<<48-1))
	return jurat.EventID(ms[:8] + "-" + ms[8:] + "-0000-0000-000000000000")
}

var eventID = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// isEventID reports whether a text has the spelling of an event's id.
func isEventID(id jurat.EventID) bool { return eventID.MatchString(string(id)) }
