package format

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// The vectors are made by testdata/leaf/make.py, which shares no code with
// this package, so that a fault cannot hide in both writer and reader.
const vectorsFile = "../testdata/leaf/vectors.json"

type vectors struct {
	Written struct {
		Stream string
		Leaf   string
		Claims []Disclosure
		Parts  map[jurat.Class]Disclosure
	}
	Vectors []struct {
		Name, Clause, Answer, Leaf string
		Disclosures                []Disclosure
		LeafHash                   string `json:"leaf_hash"`
		Challenge                  string
		Claims                     map[Claim]string
		Parts                      map[jurat.Class]string
		Payload                    bool
	}
}

func readVectors(t testing.TB) (v vectors) {
	t.Helper()
	b, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Vectors) < 100 {
		t.Fatalf("only %d vectors", len(v.Vectors))
	}
	return v
}

// answer is the word of design §8 for an error of ReadLeaf.
func answer(err error) string {
	switch {
	case err == nil:
		return "intact"
	case errors.Is(err, jurat.Altered):
		return "altered"
	case errors.Is(err, jurat.Unavailable):
		return "could not tell"
	}
	return "an error of no known answer: " + err.Error()
}

func TestEveryVectorGivesItsAnswer(t *testing.T) { // L1…L10
	t.Parallel()
	for _, v := range readVectors(t).Vectors {
		t.Run(v.Clause+" "+v.Name, func(t *testing.T) {
			s, err := ReadLeaf([]byte(v.Leaf), v.Disclosures)
			if got := answer(err); got != v.Answer {
				t.Fatalf("%s, want %s: %v", got, v.Answer, err)
			}
			slices.Reverse(v.Disclosures) // their order must not matter
			if _, err := ReadLeaf([]byte(v.Leaf), v.Disclosures); answer(err) != v.Answer {
				t.Fatalf("in another order: %v", err)
			}
			if err != nil {
				return
			}
			if h := LeafHash([]byte(v.Leaf)); h.String() != v.LeafHash {
				t.Errorf("leaf hash %s, want %s", h, v.LeafHash)
			}
			if s.Has(ClaimPayload) != v.Payload || len(s.Claims) != len(v.Claims)+map[bool]int{true: 1}[v.Payload] || len(s.Parts) != len(v.Parts) {
				t.Errorf("claims %v, parts %v", s.Claims, s.Parts)
			}
			for c, text := range v.Claims {
				if _, value, err := s.Claims[c].Open(); err != nil || string(value) != text {
					t.Errorf("claim %s is %s, want %s", c, value, text)
				}
			}
			for c, text := range v.Parts {
				if string(s.Values[c]) != text {
					t.Errorf("part %s is %s, want %s", c, s.Values[c], text)
				}
			}
			if v.Challenge != "" {
				sum := challenge(s.Claims[ClaimAct], s.Claims[ClaimActor], s.Claims[ClaimOrder], s.Claims[ClaimPayload])
				if hex.EncodeToString(sum[:]) != v.Challenge {
					t.Errorf("challenge %x, want %s", sum, v.Challenge)
				}
			}
		})
	}
}

func TestTheWriterWritesTheVectorToTheByte(t *testing.T) { // L2…L9
	t.Parallel()
	w := readVectors(t).Written
	sig := func(s string) []byte { d := jurat.DigestOf([]byte(s)); return d[:] }
	ev := jurat.Event{
		Act:    "exhibit.received",
		Actor:  jurat.Actor{Person: "officer-4471", Office: "police", Role: jurat.RoleOfficer, Via: jurat.ViaKey},
		Orders: []jurat.OrderVersion{{ID: "chicago-eo-2026-01", Digest: jurat.DigestOf([]byte("the order"))}},
		Item:   jurat.Item{Noun: jurat.NounExhibit, ID: "2026-000001-E1"},
		Value:  map[string]any{"kind": "bwc", "size": 4096, "name": `<a> & "b" é`},
		Sealed: map[jurat.Class]any{jurat.ClassIdentity: map[string]string{"badge": "unknown"}, jurat.ClassMinor: true},
		Note:   "by hand\n",
	}
	p := Place{
		ID: "0193b0c6-7d30-7abc-8def-0123456789ab", At: time.Date(2026, 11, 22, 7, 9, 10, 123456999, time.UTC),
		Incident: "2026-000001", Seq: 7, Prev: tlog.Hash(sig("the leaf before")),
		Proof: &Proof{Kind: ProofEd25519, Person: "officer-4471", Key: base64.RawURLEncoding.EncodeToString(sig("a key")), Signature: append(sig("a"), sig("b")...)},
	}
	_, s := testSheet(t, ev, p, &testRandom{name: w.Stream})
	if string(s.Leaf) != w.Leaf {
		t.Errorf("leaf\n%s\nwant\n%s", s.Leaf, w.Leaf)
	}
	if !slices.Equal(s.Claims, w.Claims) {
		for i, c := range s.Claims {
			if c != w.Claims[i] {
				a, _ := url64.DecodeString(string(c))
				b, _ := url64.DecodeString(string(w.Claims[i]))
				t.Errorf("claim\n%s\nwant\n%s", a, b)
			}
		}
	}
	if len(s.Parts) != len(w.Parts) {
		t.Errorf("parts %v", s.Parts)
	}
	for c, d := range w.Parts {
		if s.Parts[c] != d {
			a, _ := url64.DecodeString(string(s.Parts[c]))
			b, _ := url64.DecodeString(string(d))
			t.Errorf("part\n%s\nwant\n%s", a, b)
		}
	}
}

func TestTheVectorsAreWhatTheScriptMakes(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		lacking(t, "python3")
	}
	cmd := exec.CommandContext(t.Context(), python, "make.py")
	cmd.Dir = "../testdata/leaf"
	var stderr strings.Builder
	cmd.Stderr = &stderr
	made, err := cmd.Output()
	if err != nil {
		t.Fatalf("make.py: %v\n%s", err, stderr.String())
	}
	committed, err := os.ReadFile(vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(made, committed) {
		t.Error("make.py makes other vectors than those committed: they are frozen, so a change is a change of the format")
	}
}

// lacking skips a test for want of a program, loudly; where JURAT_REQUIRE
// names it, or is "all", that is a failure.
func lacking(t *testing.T, what string) {
	t.Helper()
	required := strings.Split(os.Getenv("JURAT_REQUIRE"), ",")
	if slices.Contains(required, "all") || slices.Contains(required, what) {
		t.Fatalf("%s is not there, and JURAT_REQUIRE=%s wants it", what, os.Getenv("JURAT_REQUIRE"))
	}
	t.Skipf("SKIPPED: %s is not there, so this was NOT checked", what)
}
