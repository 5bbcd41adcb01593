package format

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
)

// The vectors are made and read by testdata/passkey/make.mjs, which shares no
// code with this package.
const passkeyFolder = "../testdata/passkey"

func TestEveryVectorOfPasskeysGivesItsAnswer(t *testing.T) { // L23
	t.Parallel()
	b, err := os.ReadFile(passkeyFolder + "/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Name, Answer, Challenge string
		Key, Proof              json.RawMessage
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d vectors", len(all))
	}
	for _, v := range all {
		got := func() error {
			key, err := ParsePersonKey(v.Key)
			if err != nil {
				t.Fatal(err)
			}
			sum, err := hex.DecodeString(v.Challenge)
			if err != nil {
				t.Fatal(err)
			}
			p, err := parseProof(v.Proof)
			if err != nil {
				return err
			}
			return p.verify([32]byte(sum), key)
		}()
		if a := answer(got); a != v.Answer {
			t.Errorf("%s: %s, want %s: %v", v.Name, a, v.Answer, got)
		}
	}
}

func TestAnotherReaderGivesTheSameAnswers(t *testing.T) { // L23
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		lacking(t, "node")
	}
	cmd := exec.CommandContext(t.Context(), node, "make.mjs", "--check")
	cmd.Dir = passkeyFolder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
