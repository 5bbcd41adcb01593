package format

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"jurat"
)

const testRecipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

func testTrust(t testing.TB) Trust {
	t.Helper()
	log, err := LogKey("city.example/log", testKey(t, 1).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	witness, err := WitnessKey("clerk.example/w", testKey(t, 2).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return Trust{
		Offices: []TrustedOffice{
			{Name: "City police <records> & evidence", Origin: "city.example/log", Log: []string{log}, Office: []JWK{NewJWK(testKey(t, 3).Public().(ed25519.PublicKey))}, Age: []string{testRecipient}},
			{Name: "County prosecutor", Origin: "county.example/log"},
		},
		Witnesses: []string{witness}, Quorum: 1,
	}
}

func TestATrustFileIsReadAsItIsPrinted(t *testing.T) { // L17
	t.Parallel()
	for _, trust := range []Trust{{}, testTrust(t)} {
		b, err := trust.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseTrust(b)
		if err != nil {
			t.Fatal(err)
		}
		again, err := got.Marshal()
		if err != nil || string(again) != string(b) {
			t.Errorf("printed again:\n%s\nwant\n%s\n%v", again, b, err)
		}
	}
	o, err := testTrust(t).Office("county.example/log")
	if err != nil || o.Name != "County prosecutor" {
		t.Error(o, err)
	}
	_, err = testTrust(t).Office("nobody.example")
	want(t, err, jurat.NotFound)
}

func TestATrustFileThatIsNotUnderstoodIsRefusedByField(t *testing.T) { // L17
	t.Parallel()
	b, err := testTrust(t).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var compact strings.Builder
	enc := json.NewEncoder(&compact)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(json.RawMessage(b)); err != nil {
		t.Fatal(err)
	}
	good := compact.String()
	log, office, witness := testTrust(t).Offices[0].Log[0], testTrust(t).Offices[0].Office[0].X, testTrust(t).Witnesses[0]
	sameKey, err := WitnessKey("other.example/w", testKey(t, 2).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	ownKey, err := WitnessKey("other.example/w", testKey(t, 1).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	hash := strings.Split(witness, "+")[1]
	for _, tc := range []struct{ name, from, to, field string }{
		{"a misspelt field", `"witnesses"`, `"witnesess"`, "witnesess"},
		{"another case", `"offices"`, `"Offices"`, "Offices"},
		{"a field of an office", `"name":"City`, `"url":"x","name":"City`, "url"},
		{"a field twice", `"quorum":1`, `"quorum":1,"quorum":1`, "quorum"},
		{"no offices", `"offices":[`, `"x":[`, "x"},
		{"no age", `,"age":[]`, ``, "age"},
		{"a quorum nobody can meet", `"quorum":1`, `"quorum":2`, "quorum"},
		{"a quorum of none", `"quorum":1`, `"quorum":0`, "quorum"},
		{"a quorum that is no number", `"quorum":1`, `"quorum":"1"`, "quorum"},
		{"a quorum with a fraction", `"quorum":1`, `"quorum":1.0`, "quorum"},
		{"a log key of another origin", `"origin":"city.example/log"`, `"origin":"town.example/log"`, "log"},
		{"a log key misspelt", log, log[:len(log)-2] + "A=", "log"},
		{"an office key misspelt", office, office[1:], "office"},
		{"a private key", `"x":"` + office + `"`, `"x":"` + office + `","d":"AA"`, "office"},
		{"a plain key as witness", witness, log, "type 4"},
		{"a witness with another hash", witness, strings.Replace(witness, hash, "00000000", 1), "witnesses"},
		{"one key as two witnesses", `"` + witness + `"`, `"` + witness + `","` + sameKey + `"`, "witnesses"},
		{"a log as its own witness", witness, ownKey, "witnesses"},
		{"one origin for two", "county.example/log", "city.example/log", "origin"},
		{"a key that is no recipient", testRecipient, "AGE-SECRET-KEY-1", "age"},
		{"an office without a name", "County prosecutor", "", "name"},
		{"something after it", good, good + "{}", "after"},
		{"cut short", good, good[:40], "early"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			bad := strings.Replace(good, tc.from, tc.to, 1)
			if bad == good {
				t.Fatal("the test changes nothing")
			}
			_, err := ParseTrust([]byte(bad))
			if !errors.Is(err, jurat.Invalid) || !strings.Contains(err.Error(), tc.field) {
				t.Errorf("got %v, want invalid and the field %q", err, tc.field)
			}
		})
	}
}

func testKeys(t testing.TB) []Key {
	t.Helper()
	log := func(n byte) string {
		vkey, err := LogKey("city.example/log", testKey(t, n).Public().(ed25519.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		return vkey
	}
	witness, err := WitnessKey("city.example/w", testKey(t, 4).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return []Key{
		{KeyLog, log(1), 0, 12},
		{KeyOffice, NewJWK(testKey(t, 3).Public().(ed25519.PublicKey)).X, 0, InForce},
		{KeyWitness, witness, 0, InForce},
		{KeyAge, testRecipient, 0, InForce},
		{KeyWrapping, SecretKeyName(KeyWrapping, []byte("secret")), 0, InForce},
		{KeySession, SecretKeyName(KeySession, []byte("secret")), 0, InForce},
		{KeyDuplicates, SecretKeyName(KeyDuplicates, []byte("secret")), 0, InForce},
		{KeyLog, log(2), 12, InForce},
	}
}

func TestAKeyFileIsReadAsItIsPrinted(t *testing.T) { // L18
	t.Parallel()
	keys := testKeys(t)
	b, err := MarshalKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseKeys(b)
	if err != nil || len(got) != len(keys) {
		t.Fatal(err)
	}
	for i := range keys {
		if got[i] != keys[i] {
			t.Errorf("line %d: %+v, want %+v", i+1, got[i], keys[i])
		}
	}
	for leaf, wantKey := range map[int64]Key{0: keys[0], 11: keys[0], 12: keys[7], 99: keys[7]} {
		if k, err := KeyAt(got, KeyLog, leaf); err != nil || k != wantKey {
			t.Errorf("at leaf %d: %+v %v", leaf, k, err)
		}
	}
	_, err = KeyAt(got[1:2], KeyLog, 0)
	want(t, err, jurat.NotFound)
	if keys[4].Public == keys[5].Public {
		t.Error("two kinds of secret key have one name")
	}
	good := string(b)
	lines := strings.SplitAfter(good, "\n")
	for name, bad := range map[string]string{
		"a gap":              strings.Replace(good, `"to":12`, `"to":11`, 1),
		"a key without end":  strings.Replace(good, `,"to":12`, ``, 1),
		"out of order":       good[strings.Index(good, "\n")+1:] + good[:strings.Index(good, "\n")+1],
		"a space":            strings.Replace(good, `"from":0`, `"from": 0`, 1),
		"no last newline":    good[:len(good)-1],
		"an empty line":      good + "\n",
		"an unknown kind":    strings.Replace(good, `"session"`, `"sessions"`, 1),
		"an unknown field":   strings.Replace(good, `"from"`, `"form"`, 1),
		"kinds out of order": lines[0] + lines[2] + lines[1] + strings.Join(lines[3:], ""),
		"an empty range":     `{"kind":"age","public":"` + testRecipient + `","from":5,"to":5}` + "\n",
		"a range backwards":  strings.Replace(strings.Replace(good, `"to":12`, `"to":0`, 1), `"from":12`, `"from":0`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			if bad == good {
				t.Fatal("the test changes nothing")
			}
			_, err := ParseKeys([]byte(bad))
			want(t, err, jurat.Unavailable)
		})
	}
}

// A key's base64 may itself hold plus signs, as half of all keys do.
func TestAKeyWithPlusSignsInItsBase64IsAKey(t *testing.T) { // L10, L14, L18
	t.Parallel()
	for n := range byte(64) {
		pub := testKey(t, n).Public().(ed25519.PublicKey)
		log, err := LogKey("city.example/log", pub)
		if err != nil {
			t.Fatal(err)
		}
		witness, err := WitnessKey("clerk.example/w", testKey(t, n+64).Public().(ed25519.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		trust := Trust{Offices: []TrustedOffice{{Name: "City", Origin: "city.example/log", Log: []string{log}}}, Witnesses: []string{witness}, Quorum: 1}
		if _, err := trust.Marshal(); err != nil {
			t.Errorf("%s and %s: %v", log, witness, err)
		}
		for kind, public := range map[KeyKind]string{KeyLog: log, KeyWitness: witness} {
			if _, err := MarshalKeys([]Key{{Kind: kind, Public: public, To: InForce}}); err != nil {
				t.Errorf("%s: %v", public, err)
			}
		}
	}
}

func TestARotationIsSignedByBothKeys(t *testing.T) { // L19
	t.Parallel()
	for _, kind := range []KeyKind{KeyLog, KeyOffice, KeyWitness} {
		r, err := SignRotation(kind, "city.example/log", "city.example/log", testKey(t, 1), testKey(t, 2))
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseRotation(b)
		if err != nil || got != r {
			t.Fatalf("%+v: %v", got, err)
		}
		want(t, got.Verify(), "")
		swapped := r
		swapped.OldSignature, swapped.NewSignature = r.NewSignature, r.OldSignature
		want(t, swapped.Verify(), jurat.Altered)
		elsewhere := r
		elsewhere.Origin = "town.example/log"
		if kind == KeyLog {
			want(t, elsewhere.Verify(), jurat.Unavailable)
		} else {
			want(t, elsewhere.Verify(), jurat.Altered)
		}
	}
	_, err := SignRotation(KeyLog, "city.example/log", "city.example/log", testKey(t, 1), testKey(t, 1))
	want(t, err, jurat.Invalid)
	_, err = SignRotation(KeyAge, "city.example/log", "", testKey(t, 1), testKey(t, 2))
	want(t, err, jurat.Invalid)
	_, err = ParseRotation([]byte(`{"kind":"log"}`))
	want(t, err, jurat.Unavailable)
}
