package format

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"jurat"
)

func TestAnActIsTakenAwayToBeSigned(t *testing.T) { // L24
	t.Parallel()
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	text := d.Text()
	read, said, err := ReadDraft(text)
	if err != nil {
		t.Fatal(err)
	}
	if read.Challenge() != d.Challenge() || said.Act != testEvent().Act || said.Values[jurat.ClassOpen] == nil || len(read.Parts) != 1 {
		t.Errorf("it says %+v", said)
	}
	for class, part := range d.Parts {
		if class != jurat.ClassOpen && strings.Contains(string(text), string(part)) {
			t.Errorf("the sealed part %s went along", class)
		}
	}
	proof := d.Sign("officer-4471", testKey(t, 1))
	file, err := MarshalProof(*proof)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseProof(append(file, '\n'))
	if err != nil || again.Verify(d, NewJWK(testKey(t, 1).Public().(ed25519.PublicKey)).PersonKey()) != nil {
		t.Errorf("the signature that was brought back: %v", err)
	}
	for name, bad := range map[string]string{
		"nothing":                "",
		"cut short":              string(text[:len(text)-1]),
		"without its open part":  strings.Join(strings.Split(string(text), "~")[:4], "~") + "~",
		"with more":              string(text) + string(d.Act) + "~",
		"in another order":       swapped(string(text)),
		"with another open part": other(t, string(text)),
	} {
		if _, _, err := ReadDraft([]byte(bad)); !errors.Is(err, jurat.Altered) && !errors.Is(err, jurat.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, bad := range []string{"", "{}", `{"kind":"ed25519"}`, string(file) + "x"} {
		if _, err := ParseProof([]byte(bad)); !errors.Is(err, jurat.Invalid) {
			t.Errorf("ParseProof of %q: %v", bad, err)
		}
	}
}

func swapped(text string) string {
	list := strings.Split(text, "~")
	list[0], list[1] = list[1], list[0]
	return strings.Join(list, "~")
}

func other(t *testing.T, text string) string {
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	list := strings.Split(text, "~")
	list[4] = string(d.Parts[jurat.ClassOpen])
	return strings.Join(list, "~")
}
