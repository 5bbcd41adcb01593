package format

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"jurat"
)

// A device is a passkey under test: what it says can be changed before it
// signs.
type device struct {
	key  PersonKey
	sign func(message []byte) []byte
}

func es256(t testing.TB, rp string) device {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := NewPasskey(&private.PublicKey, rp)
	if err != nil {
		t.Fatal(err)
	}
	return device{key, func(message []byte) []byte {
		sum := sha256.Sum256(message)
		sig, err := ecdsa.SignASN1(rand.Reader, private, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}}
}

func eddsa(t testing.TB, rp string) device {
	t.Helper()
	private := testKey(t, 7)
	key, err := NewPasskey(private.Public(), rp)
	if err != nil {
		t.Fatal(err)
	}
	return device{key, func(message []byte) []byte { return ed25519.Sign(private, message) }}
}

// words are what a browser and an authenticator say.
type words struct {
	Type      string `json:"type"`
	Challenge string `json:"challenge"`
	Origin    string `json:"origin"`
	Cross     any    `json:"crossOrigin,omitempty"`
	Top       string `json:"topOrigin,omitempty"`
	data      []byte
}

func (d device) answer(t testing.TB, w words) *Proof {
	t.Helper()
	client, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return d.over(w.data, client)
}

func (d device) over(data, client []byte) *Proof {
	hash := sha256.Sum256(client)
	return NewPasskeyProof("officer-4471", d.key, Assertion{AuthenticatorData: data, ClientData: client}, d.sign(append(append([]byte(nil), data...), hash[:]...)))
}

const testRP = "records.city.example"

func rightWords(d Draft) words {
	sum, rp := d.Challenge(), sha256.Sum256([]byte(testRP))
	return words{Type: "webauthn.get", Challenge: url64.EncodeToString(sum[:]), Origin: "https://" + testRP, data: append(rp[:], 0x05, 0, 0, 0, 9)}
}

func TestAPasskeySaysThatAnActIsItsPersons(t *testing.T) { // L23
	t.Parallel()
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	for _, dev := range []device{es256(t, testRP), eddsa(t, testRP)} {
		for _, tc := range []struct {
			name   string
			change func(*words)
			want   error
		}{
			{"as it should be", func(*words) {}, nil},
			{"on a port", func(w *words) { w.Origin += ":8443" }, nil},
			{"under the domain", func(w *words) { w.Origin = "https://counter." + testRP }, nil},
			{"said not to be across origins", func(w *words) { w.Cross = false }, nil},
			{"synced, with a counter of nought", func(w *words) { w.data[32] |= 0x18; w.data[36] = 0 }, nil},
			{"with extensions", func(w *words) { w.data[32] |= 0x80; w.data = append(w.data, 0xa0) }, nil},
			{"another challenge", func(w *words) { w.Challenge = url64.EncodeToString(make([]byte, 32)) }, jurat.Altered},
			{"a challenge with padding", func(w *words) { w.Challenge += "=" }, jurat.Altered},
			{"of another ceremony", func(w *words) { w.Type = "webauthn.create" }, jurat.Altered},
			{"another relying party", func(w *words) { w.data[0] ^= 1 }, jurat.Altered},
			{"another origin", func(w *words) { w.Origin = "https://evil.example" }, jurat.Altered},
			{"an origin that ends alike", func(w *words) { w.Origin = "https://evil" + testRP }, jurat.Altered},
			{"an origin that begins alike", func(w *words) { w.Origin = "https://" + testRP + ".evil.example" }, jurat.Altered},
			{"an origin with a person in it", func(w *words) { w.Origin = "https://" + testRP + "@evil.example" }, jurat.Altered},
			{"an origin with a path", func(w *words) { w.Origin += "/" }, jurat.Altered},
			{"plain HTTP", func(w *words) { w.Origin = "http://" + testRP }, jurat.Altered},
			{"no origin", func(w *words) { w.Origin = "" }, jurat.Altered},
			{"across origins", func(w *words) { w.Cross = true }, jurat.Altered},
			{"across origins, as a text", func(w *words) { w.Cross = "false" }, jurat.Altered},
			{"nobody present", func(w *words) { w.data[32] = 0x04 }, jurat.Altered},
			{"nobody verified", func(w *words) { w.data[32] = 0x01 }, jurat.Altered},
			{"with attested data", func(w *words) { w.data[32] |= 0x40 }, jurat.Altered},
			{"with bytes after it", func(w *words) { w.data = append(w.data, 0) }, jurat.Altered},
			{"cut short", func(w *words) { w.data = w.data[:36] }, jurat.Unavailable},
		} {
			w := rightWords(d)
			tc.change(&w)
			if err := dev.answer(t, w).Verify(d, dev.key); !errors.Is(err, tc.want) || tc.want == nil && err != nil {
				t.Errorf("%s, %s: %v; want %v", dev.key.Kty, tc.name, err, tc.want)
			}
		}
		p := dev.answer(t, rightWords(d))
		if p.Origin() != "https://"+testRP || p.Assertion.Counter() != 9 {
			t.Errorf("signed at %q, number %d", p.Origin(), p.Assertion.Counter())
		}
		for _, part := range [][]byte{p.Signature, p.Assertion.AuthenticatorData, p.Assertion.ClientData} {
			for i := range part {
				part[i] ^= 1
				if err := p.Verify(d, dev.key); !errors.Is(err, jurat.Altered) && !errors.Is(err, jurat.Unavailable) {
					t.Errorf("%s: with bit 0 of byte %d turned: %v", dev.key.Kty, i, err)
				}
				part[i] ^= 1
			}
		}
	}
}

// A key of one kind that is taken for the other would let a browser's words be
// taken for an act's bytes, or the reverse.
func TestAKeySignsByItsOwnKindAlone(t *testing.T) { // L23
	t.Parallel()
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	dev, private := eddsa(t, testRP), testKey(t, 7)
	file := NewJWK(private.Public().(ed25519.PublicKey)).PersonKey()
	if file.Thumbprint() != dev.key.Thumbprint() {
		t.Fatal("one key has two thumbprints")
	}
	if err := dev.answer(t, rightWords(d)).Verify(d, file); !errors.Is(err, jurat.Altered) {
		t.Errorf("a passkey's proof with a key file's key: %v", err)
	}
	if err := d.Sign("officer-4471", private).Verify(d, dev.key); !errors.Is(err, jurat.Altered) {
		t.Errorf("a key file's proof with a passkey's key: %v", err)
	}
	if err := dev.answer(t, rightWords(d)).Verify(d, es256(t, testRP).key); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("with another key: %v", err)
	}
	other := dev.key
	other.RP = "other.example"
	if err := dev.answer(t, rightWords(d)).Verify(d, other); !errors.Is(err, jurat.Altered) {
		t.Errorf("as of another relying party: %v", err)
	}
}

func TestAPasskeysProofIsReadAsItWasWritten(t *testing.T) { // L23
	t.Parallel()
	d, _ := testSheet(t, testEvent(), testPlace(), rand.Reader)
	dev := es256(t, testRP)
	place := testPlace()
	place.Proof = dev.answer(t, rightWords(d))
	sheet, err := d.Place(place, testOrigin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	st, err := ReadLeaf(sheet.Leaf, sheet.Disclosures())
	if err != nil {
		t.Fatal(err)
	}
	if err := st.VerifyProof(dev.key); err != nil {
		t.Error(err)
	}
	text, err := place.Proof.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, from, to string }{
		{"without the browser's words", `"client_data":"`, `"client_data":"","x":"`},
		{"of a kind that has none", `"kind":"webauthn"`, `"kind":"ed25519"`},
		{"with a line break", `"authenticator_data":"`, "\"authenticator_data\":\"\\n"},
	} {
		if _, err := parseProof([]byte(strings.Replace(string(text), tc.from, tc.to, 1))); err == nil {
			t.Errorf("%s it is read", tc.name)
		}
	}
	for _, change := range []func(*Proof){
		func(p *Proof) { p.Assertion.ClientData = nil },
		func(p *Proof) { p.Assertion.AuthenticatorData = make([]byte, assertionLimit+1) },
		func(p *Proof) { p.Signature = nil },
		func(p *Proof) { p.Kind = ProofEd25519 },
		func(p *Proof) { p.Kind = "other" },
	} {
		bad := *place.Proof
		change(&bad)
		if _, err := bad.append(nil); !errors.Is(err, jurat.Invalid) {
			t.Errorf("written: %+v: %v", bad, err)
		}
	}
}

func TestWhichKeysOfPersonsAreRead(t *testing.T) { // L23
	t.Parallel()
	ec, okp := es256(t, testRP).key, eddsa(t, testRP).key
	text := func(k PersonKey) string {
		b, err := json.Marshal(k)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	file := okp
	file.RP = ""
	for _, k := range []PersonKey{ec, okp, file} {
		if got, err := ParsePersonKey([]byte(text(k))); err != nil || got != k {
			t.Errorf("%s: %+v, %v", text(k), got, err)
		}
		if got, err := ParsePersonKey([]byte(strings.Replace(text(k), "{", `{"kid":"`+k.Thumbprint()+`",`, 1))); err != nil || got != k {
			t.Errorf("with its kid, %s: %v", text(k), err)
		}
	}
	for name, bad := range map[string]string{
		"no relying party of an EC key":   strings.Replace(text(ec), `,"rp":"`+testRP+`"`, "", 1),
		"a relying party in capitals":     strings.Replace(text(ec), testRP, "Records.city.example", 1),
		"a relying party with a port":     strings.Replace(text(ec), testRP, testRP+":443", 1),
		"a relying party with a dot last": strings.Replace(text(ec), testRP, testRP+".", 1),
		"no point of the curve":           strings.Replace(text(ec), ec.Y, ec.X, 1),
		"a y beside Ed25519":              strings.Replace(text(okp), `"rp"`, `"y":"`+ec.Y+`","rp"`, 1),
		"another curve":                   strings.Replace(text(ec), "P-256", "P-384", 1),
		"a private part":                  strings.Replace(text(ec), "{", `{"d":"AA",`, 1),
		"another's kid":                   strings.Replace(text(ec), "{", `{"kid":"`+okp.Thumbprint()+`",`, 1),
		"a coordinate with padding":       strings.Replace(text(ec), ec.X, ec.X+"=", 1),
		"nothing":                         "{}",
		"no object":                       "[]",
	} {
		if _, err := ParsePersonKey([]byte(bad)); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	private, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, public := range []any{&private.PublicKey, "a text", nil} {
		if _, err := NewPasskey(public, testRP); !errors.Is(err, jurat.Invalid) {
			t.Errorf("NewPasskey of %T: %v", public, err)
		}
	}
	if _, err := NewPasskey(testKey(t, 7).Public(), ""); !errors.Is(err, jurat.Invalid) {
		t.Errorf("NewPasskey for nobody: %v", err)
	}
}
