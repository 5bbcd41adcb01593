package login_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/login"
)

func TestKey(t *testing.T) {
	k, err := login.NewKey("officer-4471", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	t.Run("a key file read again signs as the same person", func(t *testing.T) {
		again, err := login.ParseKey(text)
		if err != nil {
			t.Fatal(err)
		}
		draft, err := format.NewDraft(jurat.Event{Act: jurat.RecordSubmitted, Actor: jurat.Actor{Person: "officer-4471", Via: jurat.ViaKey}, Value: map[string]string{}}, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := again.Sign(draft)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.Verify(draft, k.Public()); err != nil {
			t.Errorf("Verify: %v", err)
		}
	})
	other, err := login.NewKey("officer-4471", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		file []byte
	}{
		{"a file of something else is no key file", []byte(`{"kty":"EC"}`)},
		{"a key file with an unknown member is refused", bytes.Replace(text, []byte(`"kty"`), []byte(`"note":"x","kty"`), 1)},
		{"a key file with another's public half is refused", bytes.Replace(text, []byte(k.Public().X), []byte(other.Public().X), 1)},
		{"a key file cut short is refused", text[:len(text)/2]},
		{"a key file with something after it is refused", append(bytes.Clone(text), "{}"...)},
		{"a key file that says something twice is refused", bytes.Replace(text, []byte(`"kty"`), []byte(`"crv":"Ed25519","kty"`), 1)},
		{"a key file in capitals is refused", bytes.Replace(text, []byte(`"kty"`), []byte(`"KTY"`), 1)},
		{"a key file of nobody is refused", []byte(strings.Replace(string(text), "officer-4471", "", 1))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := login.ParseKey(tc.file); !errors.Is(err, jurat.Invalid) {
				t.Errorf("ParseKey: %v, want Invalid", err)
			}
		})
	}
}

// Whatever bit is turned over, what is left signs nothing as this person.
func TestAChangedKeyFileIsNobodysOrSomebodyElses(t *testing.T) {
	k, err := login.NewKey("officer-4471", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		for bit := range 8 {
			changed := bytes.Clone(text)
			changed[i] ^= 1 << bit
			got, err := login.ParseKey(changed)
			if err != nil {
				if !errors.Is(err, jurat.Invalid) {
					t.Fatalf("byte %d, bit %d: %v", i, bit, err)
				}
				continue
			}
			if got.Person == k.Person && !white(changed[i]) {
				t.Fatalf("byte %d, bit %d: it still is %s's", i, bit, got.Person)
			}
		}
	}
	spaced := bytes.ReplaceAll(text, []byte(" "), []byte("\t"))
	if got, err := login.ParseKey(spaced); err != nil || got.Public() != k.Public() {
		t.Errorf("with other white space: %v", err)
	}
}

func white(b byte) bool { return b == ' ' || b == '\t' || b == '\n' || b == '\r' }

func FuzzParseKey(f *testing.F) {
	k, err := login.NewKey("officer-4471", bytes.NewReader(make([]byte, 64)))
	if err != nil {
		f.Fatal(err)
	}
	text, err := k.Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, err := login.ParseKey(b)
		if err != nil {
			if !errors.Is(err, jurat.Invalid) {
				t.Fatalf("%v: want invalid", err)
			}
			return
		}
		again, err := k.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := login.ParseKey(again); err != nil || twice.Public() != k.Public() || twice.Person != k.Person {
			t.Fatalf("written again it reads as another: %v", err)
		}
	})
}
