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
		{"a key file of nobody is refused", []byte(strings.Replace(string(text), "officer-4471", "", 1))},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := login.ParseKey(tc.file); !errors.Is(err, jurat.Invalid) {
				t.Errorf("ParseKey: %v, want Invalid", err)
			}
		})
	}
}
