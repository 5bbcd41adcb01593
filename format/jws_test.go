package format

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"

	"jurat"
)

func TestThumbprintIsThatOfRFC8037(t *testing.T) { // L8; RFC 8037 A.3
	t.Parallel()
	k, err := ParseJWK([]byte(`{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := k.Thumbprint(); got != "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k" {
		t.Error(got)
	}
}

func TestASignedLetterIsCheckedByTheKeyItNames(t *testing.T) { // L8
	t.Parallel()
	key := testKey(t, 3)
	jwk, other := NewJWK(key.Public().(ed25519.PublicKey)), NewJWK(testKey(t, 4).Public().(ed25519.PublicKey))
	const typ, payload = "jurat-test+jws", `{"b": 1, "a":2}`
	jws := SignJWS(key, typ, []byte(payload))
	got, kid, err := VerifyJWS(jws, typ, other, jwk)
	if err != nil || string(got) != payload || kid != jwk.Thumbprint() {
		t.Fatalf("%s by %s: %v", got, kid, err)
	}
	parts := strings.Split(jws, ".")
	flip := func(s string, i int) string {
		b := []byte(s)
		b[i] ^= 1
		return string(b)
	}
	head := func(h string) string { return url64.EncodeToString([]byte(h)) + "." + parts[1] + "." + parts[2] }
	for _, tc := range []struct {
		name, jws string
		want      jurat.Kind
	}{
		{"a payload with a bit flipped", parts[0] + "." + flip(parts[1], 4) + "." + parts[2], jurat.Altered},
		{"a signature with a bit flipped", parts[0] + "." + parts[1] + "." + flip(parts[2], 4), jurat.Altered},
		{"no signature", parts[0] + "." + parts[1] + ".", jurat.Altered},
		{"two parts", parts[0] + "." + parts[1], jurat.Unavailable},
		{"padding", jws + "=", jurat.Unavailable},
		{"a line break", jws + "\n", jurat.Unavailable},
		{"an unused bit", jws[:len(jws)-1] + flip(jws[len(jws)-1:], 0), jurat.Unavailable},
		{"another type", SignJWS(key, "other", []byte(payload)), jurat.Unavailable},
		{"a key nobody gave", SignJWS(testKey(t, 5), typ, []byte(payload)), jurat.Unavailable},
		{"no algorithm", head(`{"alg":"none","kid":"` + kid + `","typ":"` + typ + `"}`), jurat.Unavailable},
		{"an unknown header", head(`{"alg":"EdDSA","kid":"` + kid + `","typ":"` + typ + `","crit":["b64"]}`), jurat.Unavailable},
		{"a header twice", head(`{"alg":"EdDSA","alg":"EdDSA","kid":"` + kid + `","typ":"` + typ + `"}`), jurat.Unavailable},
		{"a key brought along", head(`{"alg":"EdDSA","kid":"` + kid + `","typ":"` + typ + `","jwk":{}}`), jurat.Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, _, err := VerifyJWS(tc.jws, typ, other, jwk); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}

func TestAKeyHasOneSpelling(t *testing.T) { // L8
	t.Parallel()
	good := NewJWK(testKey(t, 1).Public().(ed25519.PublicKey))
	for _, tc := range []struct{ name, jwk string }{
		{"private", `{"kty":"OKP","crv":"Ed25519","x":"` + good.X + `","d":"AA"}`},
		{"another curve", `{"kty":"OKP","crv":"X25519","x":"` + good.X + `"}`},
		{"another kid", `{"kty":"OKP","crv":"Ed25519","x":"` + good.X + `","kid":"me"}`},
		{"too short", `{"kty":"OKP","crv":"Ed25519","x":"AAAA"}`},
		{"twice", `{"kty":"OKP","kty":"OKP","crv":"Ed25519","x":"` + good.X + `"}`},
		{"another case", `{"KTY":"OKP","crv":"Ed25519","x":"` + good.X + `"}`},
		{"trailing", `{"kty":"OKP","crv":"Ed25519","x":"` + good.X + `"} {}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := ParseJWK([]byte(tc.jwk)); !errors.Is(err, jurat.Invalid) {
				t.Errorf("got %v, want invalid", err)
			}
		})
	}
	if k, err := ParseJWK([]byte(`{"kid":"` + good.Thumbprint() + `","kty":"OKP","crv":"Ed25519","x":"` + good.X + `"}`)); err != nil || k != good {
		t.Errorf("with its own kid: %v", err)
	}
}
