package format

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// npm's @sd-jwt/core is a reader written by others from the same RFC: it must
// find in a leaf what we put there, and refuse what we would refuse. To
// install it: npm ci --ignore-scripts --prefix testdata/sdjwt
func TestAnotherSDJWTLibraryReadsALeaf(t *testing.T) { // L8
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		lacking(t, "node")
	}
	const dir = "../testdata/sdjwt"
	if _, err := os.Stat(dir + "/node_modules/@sd-jwt/core/package.json"); err != nil {
		lacking(t, "npm package @sd-jwt/core (npm ci --ignore-scripts --prefix testdata/sdjwt)")
	}
	key := testKey(t, 9)
	jwk, err := json.Marshal(NewJWK(key.Public().(ed25519.PublicKey)))
	if err != nil {
		t.Fatal(err)
	}
	check := func(shown string) (map[string]any, string) {
		cmd := exec.CommandContext(t.Context(), node, "check.mjs", string(jwk))
		cmd.Dir = dir
		cmd.Stdin = strings.NewReader(shown)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return nil, stderr.String()
		}
		var claims map[string]any
		if err := json.Unmarshal(out, &claims); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return claims, ""
	}

	p := testPlace()
	p.Seq, p.Prev = 0, tlog.Hash{} // incident_prev null is the odd one
	d, err := NewDraft(testEvent(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p.Proof = d.Sign("officer-4471", testKey(t, 1))
	s, err := d.Place(p, testOrigin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	jws := SignJWS(key, TypEvent, s.Leaf)
	claims, refused := check(Present(jws, s.Disclosures()))
	if refused != "" {
		t.Fatal(refused)
	}
	payload, _ := claims["payload"].(map[string]any)
	open, _ := payload["open"].(map[string]any)
	actor, _ := claims["actor"].(map[string]any)
	proof, _ := claims["actor_proof"].(map[string]any)
	prev, hasPrev := claims["incident_prev"]
	if claims["iss"] != testOrigin || claims["vct"] != VCT || claims["act"] != "exhibit.received" || claims["id"] != string(p.ID) ||
		claims["at"] != "2026-11-22T07:09:10.123456Z" || claims["incident"] != "2026-000001" || claims["incident_seq"] != 0.0 || !hasPrev || prev != nil ||
		actor["person"] != "officer-4471" || proof["kind"] != "ed25519" || open["note"] != testEvent().Note || payload["minor"] != true || len(payload) != 3 || claims["_sd"] != nil {
		t.Errorf("the library reads: %v", claims)
	}

	// One claim alone, and the completeness claims alone.
	claims, refused = check(Present(jws, s.Claims[6:9]))
	if refused != "" || len(claims) != 5 || claims["incident"] != "2026-000001" {
		t.Errorf("the completeness claims alone: %v %s", claims, refused)
	}

	// A byte flipped anywhere is refused, by them and by us.
	whole := Present(jws, s.Disclosures())
	sig := strings.LastIndexByte(jws, '.') + 5
	for name, at := range map[string]int{"header": 10, "leaf": len(jws) / 2, "signature": sig} {
		b := []byte(whole)
		b[at] = map[bool]byte{true: 'B', false: 'A'}[b[at] == 'A']
		if _, refused := check(string(b)); refused == "" {
			t.Errorf("the library accepts a byte flipped in the %s", name)
		}
		if _, _, err := VerifyJWS(strings.SplitN(string(b), "~", 2)[0], TypEvent, NewJWK(key.Public().(ed25519.PublicKey))); err == nil {
			t.Errorf("we accept a byte flipped in the %s", name)
		}
	}
	ds := s.Disclosures()
	if ds[2], err = Disclose(Salt{}, "act", "exhibit.removed"); err != nil {
		t.Fatal(err)
	}
	if claims, refused := check(Present(jws, ds)); refused == "" {
		t.Errorf("the library accepts a disclosure of another leaf: %v", claims["act"])
	}
	act := []byte(s.Claims[2])
	act[len(act)-8] ^= 1
	ds[2] = Disclosure(act)
	if claims, refused := check(Present(jws, ds)); refused == "" {
		t.Errorf("the library accepts a disclosure with a byte flipped: %v", claims["act"])
	}
	if _, err := ReadLeaf(s.Leaf, ds); answer(err) != "altered" {
		t.Errorf("we read a disclosure with a byte flipped: %v", err)
	}
	if _, shown, err := ParsePresentation(whole); err != nil || len(shown) != len(ds) {
		t.Errorf("our own reader: %v", err)
	}
	_, _, err = ParsePresentation(strings.TrimSuffix(whole, "~"))
	want(t, err, jurat.Unavailable)
}
