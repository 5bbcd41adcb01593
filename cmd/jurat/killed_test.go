package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A power cut or an impatient operator in the middle of receiving must lose
// nothing that was acknowledged, and leave nothing half there: every line that
// was printed names an exhibit the record has, and fsck finds the rest in order.
func TestAKilledReceiveLosesNothingItPrinted(t *testing.T) {
	jurat, err := exec.LookPath("jurat")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "city")
	must(t, "init", dir)
	opened := must(t, "--json", "--dir", dir, "incident", "open", "kill")
	var in struct{ Incident string }
	if err := json.Unmarshal([]byte(opened), &in); err != nil {
		t.Fatal(err)
	}
	const seed = 20261122
	dice := rand.New(rand.NewPCG(seed, seed))
	t.Logf("seed %d", seed)
	printed := map[string]string{}
	rounds, killed := 8, 0
	if testing.Short() {
		rounds = 3
	}
	for round := range rounds {
		files := []string{}
		for i := range 400 {
			path := filepath.Join(t.TempDir(), fmt.Sprintf("%d-%d.bin", round, i))
			b := make([]byte, dice.IntN(2_000))
			for j := range b {
				b[j] = byte(dice.Uint32())
			}
			write(t, path, b)
			files = append(files, path)
		}
		cmd := exec.Command(jurat, append([]string{"--dir", dir, "--json", "receive", "--incident", in.Incident}, files...)...)
		var out bytes.Buffer
		cmd.Stdout = &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(dice.IntN(900))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			killed++
		}
		for l := range strings.Lines(out.String()) {
			var r received
			if json.Unmarshal([]byte(l), &r) == nil {
				printed[string(r.Exhibit)] = r.Digest
			}
		}
		if status, said, complaint := try(t, "--dir", dir, "fsck"); status != exitYes {
			t.Fatalf("round %d: fsck exits %d: %s%s", round, status, said, complaint)
		}
	}
	if killed == 0 {
		t.Fatal("no run was killed: the test tells nothing")
	}
	var shown struct{ Exhibits []exhibitLine }
	if err := json.Unmarshal([]byte(must(t, "--json", "--dir", dir, "incident", "show", in.Incident)), &shown); err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, x := range shown.Exhibits {
		have[string(x.Exhibit)] = x.Digest
	}
	for exhibit, digest := range printed {
		if have[exhibit] != digest {
			t.Errorf("%s was printed with %s; the record has %q", exhibit, digest, have[exhibit])
		}
	}
	t.Logf("%d of %d runs killed, %d lines printed, %d exhibits on the record", killed, rounds, len(printed), len(have))
	if _, err := os.Stat(filepath.Join(dir, registerFile)); err != nil {
		t.Error(err)
	}
}
