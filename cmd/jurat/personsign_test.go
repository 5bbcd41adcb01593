package main

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jurat"
	"jurat/format"
	"jurat/internal/login"
)

// A person would sign what they did not read, or in somebody else's name.
func TestAnActTakenAwayIsSignedWithAKeyFile(t *testing.T) {
	dir := t.TempDir()
	key, err := login.NewKey("supervisor-1", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	file, err := key.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	draft, err := format.NewDraft(jurat.Event{
		Act: jurat.RecordApproved, Actor: jurat.Actor{Person: "supervisor-1", Via: jurat.ViaSession},
		Item: jurat.Item{Noun: jurat.NounRecord, ID: "2026-000001-R1"}, Value: map[string]string{"state": "approved"},
	}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	act, mine, theirs := filepath.Join(dir, "act.txt"), filepath.Join(dir, "mine.key"), filepath.Join(dir, "theirs.key")
	other, err := login.NewKey("officer-1", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	otherFile, err := other.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{act: draft.Text(), mine: file, theirs: otherFile} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if status, _, said := try(t, "person", "sign", act); status != 2 || !strings.Contains(said, "--sign") {
		t.Errorf("without a key: exit %d, %s", status, said)
	}
	if status, _, said := try(t, "person", "sign", act, "--sign", theirs); status != 3 || !strings.Contains(said, "is an act of supervisor-1") {
		t.Errorf("with somebody else's key: exit %d, %s", status, said)
	}
	if status, _, _ := try(t, "person", "sign", mine, "--sign", mine); status != 2 {
		t.Errorf("of something else: exit %d", status)
	}
	if _, err := os.Stat(act + ".signature"); err == nil {
		t.Fatal("something was signed")
	}
	said := must(t, "person", "sign", act, "--sign", mine)
	if !strings.Contains(said, "record.approved of record 2026-000001-R1") || !strings.Contains(said, `{"state":"approved"}`) {
		t.Errorf("it says %q", said)
	}
	text, err := os.ReadFile(act + ".signature")
	if err != nil {
		t.Fatal(err)
	}
	proof, err := format.ParseProof(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := proof.Verify(draft, key.Public()); err != nil {
		t.Error(err)
	}
	if status, _, said := try(t, "person", "sign", act, "--sign", mine); status != 3 || !strings.Contains(said, "exists and was not touched") {
		t.Errorf("again: exit %d, %s", status, said)
	}
}
