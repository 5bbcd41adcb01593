package ledger_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/ledger"
)

func witnessKey(t *testing.T, name string, n byte) (ed25519.PrivateKey, string) {
	t.Helper()
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32))
	vkey, err := format.WitnessKey(name, key.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return key, vkey
}

func cosign(t *testing.T, checkpoint []byte, name string, key ed25519.PrivateKey) []byte {
	t.Helper()
	out, err := format.Cosign(checkpoint, name, key, time.Unix(1800000000, 0))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCosignaturesArriveAsFilesAndAnchor(t *testing.T) {
	court, courtKey := witnessKey(t, "court.example/w", 11)
	school, schoolKey := witnessKey(t, "school.example/w", 12)
	stranger, _ := witnessKey(t, "stranger.example/w", 13)
	trust := format.Trust{Witnesses: []string{courtKey, schoolKey}, Quorum: 2}

	store, dir := newStore(), t.TempDir()
	l := openLedger(t, dir, store, ledger.Options{})
	event := store.CommitNew("2026-000001", 10)[3].Event
	first := publish(t, l)
	if _, err := l.Anchored(trust); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Anchored before any cosignature: %v", err)
	}

	one := cosign(t, cosign(t, first.Note, "stranger.example/w", stranger), "court.example/w", court)
	if got, err := l.Import(t.Context(), one, trust); err != nil || len(got) != 1 || got[0].Witness != "court.example/w" {
		t.Fatalf("Import: %v, %v", got, err)
	}
	if _, err := l.Anchored(trust); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Anchored with one cosignature of two: %v", err)
	}
	if p, err := l.Published(); err != nil || !strings.Contains(string(p.Note), "court.example/w") || strings.Contains(string(p.Note), "stranger") {
		t.Errorf("the published checkpoint has other signatures than the log's and the court's: %v\n%s", err, p.Note)
	}

	store.CommitNew("2026-000001", 10)
	second := publish(t, l) // the log goes on before the other witness answers
	two := cosign(t, first.Note, "school.example/w", school)
	if _, err := l.Import(t.Context(), two, trust); err != nil {
		t.Fatalf("Import: %v", err)
	}
	a, err := l.Anchored(trust)
	if err != nil || a.Size != 10 || len(a.Cosignatures) != 2 {
		t.Fatalf("Anchored: %d leaves, %v, %v", a.Size, a.Cosignatures, err)
	}
	if p, err := l.Published(); err != nil || !bytes.Equal(p.Note, second.Note) {
		t.Errorf("the cosignatures of an older checkpoint changed the published one: %v", err)
	}
	proofs, err := l.ProveUnder(t.Context(), a.Published, []jurat.EventID{event})
	if err != nil {
		t.Fatalf("ProveUnder the anchor: %v", err)
	}
	if _, err := trust.Anchored(proofs[0].Checkpoint); err != nil {
		t.Errorf("the proof under the anchor carries no anchor: %v", err)
	}
	if openLedger(t, dir, store, ledger.Options{}).Stopped() != nil {
		t.Error("anchors of this history stopped the log")
	}
	audit(t, dir, store)

	mirror := t.TempDir()
	if err := l.Mirror(t.Context(), mirror); err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(filepath.Join(mirror, "anchors"))
	if err != nil || len(names) != 1 || !strings.HasPrefix(names[0].Name(), "10-") {
		t.Errorf("the mirror's anchors: %v, %v", names, err)
	}
}

func TestWhatIsNoCheckpointOfThisLogIsNotKept(t *testing.T) {
	court, courtKey := witnessKey(t, "court.example/w", 11)
	trust := format.Trust{Witnesses: []string{courtKey}, Quorum: 1}
	store, dir := newStore(), t.TempDir()
	l := openLedger(t, dir, store, ledger.Options{})
	store.CommitNew("2026-000001", 10)
	p := publish(t, l)

	impostor := testKey(t, origin, 9)
	forged, err := format.Checkpoint{Origin: origin, Size: 99}.Sign(impostor.Signer)
	if err != nil {
		t.Fatal(err)
	}
	// Change a letter within the court's signature.
	bad := cosign(t, p.Note, "court.example/w", court)
	bad[len(bad)-10] ^= 2
	for name, tc := range map[string]struct {
		msg  []byte
		want jurat.Kind
	}{
		"signed by another key": {forged, jurat.Unavailable},
		"a wrong cosignature":   {bad, jurat.Altered},
		"not a checkpoint":      {[]byte("hello"), jurat.Unavailable},
		"nothing":               {nil, jurat.Unavailable},
	} {
		if _, err := l.Import(t.Context(), tc.msg, trust); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	if names, err := os.ReadDir(filepath.Join(dir, "anchors")); err == nil {
		t.Errorf("kept: %v", names)
	}
	if l.Stopped() != nil {
		t.Errorf("stopped by what is not of this log: %v", l.Stopped())
	}
}

func TestTheKeyOfALogIsRotated(t *testing.T) {
	store, dir := newStore(), t.TempDir()
	seed := func(n byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32)) }
	old, next := testKey(t, origin, 1), testKey(t, origin, 2)
	office := format.NewJWK(seed(3).Public().(ed25519.PublicKey)).X
	l := openLedger(t, dir, store, ledger.Options{Keys: []format.Key{{Kind: format.KeyOffice, Public: office}}})
	store.CommitNew("2026-000001", 10)
	publish(t, l)
	r, err := format.SignRotation(format.KeyLog, origin, origin, seed(1), seed(2))
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Rotate(t.Context(), r, "no such event", next); !errors.Is(err, jurat.NotFound) {
		t.Errorf("Rotate without its event: %v", err)
	}
	event := store.CommitNew("", 1)[0].Event
	if err := l.Rotate(t.Context(), r, event, testKey(t, origin, 4)); !errors.Is(err, jurat.Invalid) {
		t.Errorf("Rotate to another key than the one named: %v", err)
	}
	for range 2 { // twice is once
		if err := l.Rotate(t.Context(), r, event, next); err != nil {
			t.Fatalf("Rotate: %v", err)
		}
	}
	p, err := l.Published()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []ledger.Key{old, next} {
		if _, err := format.OpenCheckpoint(p.Note, k.Public); err != nil {
			t.Errorf("the checkpoint of the rotation, by %s: %v", k.Public, err)
		}
	}
	store.CommitNew("2026-000001", 10)
	p = publish(t, l)
	if _, err := format.OpenCheckpoint(p.Note, old.Public); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("the old key still signs: %v", err)
	}
	audit(t, dir, store)
	if _, err := ledger.Open(t.Context(), dir, old, store, ledger.Options{}); !errors.Is(err, jurat.Conflict) {
		t.Errorf("Open with the old key: %v", err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "keys.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := format.ParseKeys(b)
	want := []format.Key{
		{Kind: format.KeyLog, Public: old.Public, From: 0, To: 11},
		{Kind: format.KeyOffice, Public: office, From: 0, To: format.InForce},
		{Kind: format.KeyLog, Public: next.Public, From: 11, To: format.InForce},
	}
	if err != nil || len(keys) != 3 || keys[0] != want[0] || keys[1] != want[1] || keys[2] != want[2] {
		t.Errorf("keys.jsonl: %v, %v", keys, err)
	}

	// A rotation cut short after the list of keys changed is finished by the
	// next Publish with the new key.
	if err := os.WriteFile(filepath.Join(dir, "log.pub"), []byte(old.Public+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Open(t.Context(), dir, next, store, ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	publish(t, again)
	audit(t, dir, store)

	r, err = format.SignRotation(format.KeyOffice, origin, "", seed(3), seed(4))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Rotate(t.Context(), r, store.CommitNew("", 1)[0].Event, ledger.Key{}); err != nil {
		t.Errorf("Rotate of the office key: %v", err)
	}
	publish(t, again)
}

func TestAKeyIsReadInOneSpelling(t *testing.T) {
	key, secret, err := ledger.NewKey(origin, bytes.NewReader(bytes.Repeat([]byte{0xfb}, 32))) // a plus in its base64
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{secret, " " + secret + "\n"} {
		if got, err := ledger.ParseKey(s); err != nil || got.Public != key.Public {
			t.Errorf("ParseKey: %v, %v", got.Public, err)
		}
	}
	for _, s := range []string{"", "PRIVATE+KEY+x", key.Public, secret[:len(secret)-1]} {
		_, err := ledger.ParseKey(s)
		if !errors.Is(err, jurat.Invalid) {
			t.Errorf("ParseKey(%q): %v", s, err)
		}
		if len(s) > 60 && strings.Contains(err.Error(), s[60:]) {
			t.Errorf("the refusal repeats the secret: %v", err)
		}
	}
	if _, err := ledger.Open(t.Context(), t.TempDir(), ledger.Key{Signer: key.Signer, Public: testKey(t, origin, 1).Public}, newStore(), ledger.Options{}); !errors.Is(err, jurat.Invalid) {
		t.Errorf("Open with halves of two keys: %v", err)
	}
}
