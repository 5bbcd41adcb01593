package desk

import (
	"bytes"
	"errors"
	"testing"

	"jurat"
	"jurat/format"
)

// A sealed part belongs to its event and its class: swapped it does not open,
// and changed it says so.
func TestASealedPartBelongsToItsEventAndClass(t *testing.T) {
	sealer, err := newSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	d := &Desk{sealer: sealer}
	const mine, other jurat.EventID = "01a205e9-1fb3-725f-877d-faf913867ee7", "01a205e9-1fb3-725f-877d-faf913867ee8"
	body := format.Disclosure("a disclosure")
	seal := func(id jurat.EventID, c jurat.Class) (key, text []byte) {
		part, err := d.seal(id, c, body)
		if err != nil {
			t.Fatal(err)
		}
		return part.Key, part.Body
	}
	part, err := d.seal(mine, jurat.ClassIdentity, body)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := d.unseal(mine, part); err != nil || got != body {
		t.Fatalf("it opens as %q, %v", got, err)
	}
	key, text := seal(mine, jurat.ClassIdentity)
	if bytes.Equal(key, part.Key) || bytes.Equal(text, part.Body) {
		t.Error("the same part was sealed twice under one key")
	}
	if _, err := d.unseal(other, part); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("under another event: %v", err)
	}
	as := part
	as.Class = jurat.ClassHealth
	if _, err := d.unseal(mine, as); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("as another class: %v", err)
	}
	swapped := part
	swapped.Body = text
	if _, err := d.unseal(mine, swapped); !errors.Is(err, jurat.Altered) {
		t.Errorf("with another body: %v", err)
	}
	for i := range part.Body {
		changed := part
		changed.Body = bytes.Clone(part.Body)
		changed.Body[i] ^= 1
		if _, err := d.unseal(mine, changed); !errors.Is(err, jurat.Altered) {
			t.Fatalf("with byte %d changed: %v", i, err)
		}
	}
	for _, n := range []int{0, 16, 31, 33} {
		if _, err := newSealer(make([]byte, n)); !errors.Is(err, jurat.Invalid) {
			t.Errorf("a wrapping key of %d bytes: %v", n, err)
		}
	}
}
