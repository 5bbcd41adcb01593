package format

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	fnote "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"jurat"
)

// A testLog is a log in memory, with its own keys.
type testLog struct {
	origin string
	signer note.Signer
	vkey   string
	leaves [][]byte
	hashes []tlog.Hash
}

func newTestLog(t testing.TB, origin string, n int) *testLog {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	l := &testLog{origin: origin, vkey: vkey}
	if l.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		leaf := fmt.Appendf(nil, "leaf %d", i)
		hashes, err := tlog.StoredHashes(int64(i), leaf, l)
		if err != nil {
			t.Fatal(err)
		}
		l.leaves, l.hashes = append(l.leaves, leaf), append(l.hashes, hashes...)
	}
	return l
}

func (l *testLog) ReadHashes(at []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(at))
	for i, x := range at {
		out[i] = l.hashes[x]
	}
	return out, nil
}

func (l *testLog) checkpoint(t testing.TB, size int64) (Checkpoint, []byte) {
	t.Helper()
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		t.Fatal(err)
	}
	c := Checkpoint{Origin: l.origin, Size: size, Root: root}
	msg, err := c.Sign(l.signer)
	if err != nil {
		t.Fatal(err)
	}
	return c, msg
}

func (l *testLog) inclusion(t testing.TB, i, size int64) InclusionProof {
	t.Helper()
	hashes, err := tlog.ProveRecord(size, i, l)
	if err != nil {
		t.Fatal(err)
	}
	_, msg := l.checkpoint(t, size)
	return InclusionProof{Index: i, Hashes: hashes, Checkpoint: msg}
}

// want fails unless err is of the kind; nil wants no error.
func want(t testing.TB, err error, kind jurat.Kind) {
	t.Helper()
	if kind == "" && err != nil || kind != "" && !errors.Is(err, kind) {
		t.Errorf("got %v, want %q", err, kind)
	}
}

func TestACheckpointIsOpenedByTheKeyOfItsLog(t *testing.T) { // L13
	t.Parallel()
	l, other := newTestLog(t, "city.example/log", 5), newTestLog(t, "county.example/log", 5)
	c, msg := l.checkpoint(t, 5)
	got, err := OpenCheckpoint(msg, other.vkey, l.vkey, l.vkey)
	if err != nil || got != c {
		t.Fatalf("%v: %v", got, err)
	}
	text, sig, _ := strings.Cut(string(msg), "\n\n")
	misnamed, err := note.Sign(&note.Note{Text: c.Text()}, other.signer)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(text, "\n")
	for _, tc := range []struct {
		name, msg string
		want      jurat.Kind
	}{
		{"another size", strings.Replace(string(msg), "\n5\n", "\n6\n", 1), jurat.Altered},
		{"no signature", text + "\n\n", jurat.Unavailable},
		{"cut short", string(msg[:len(msg)-1]), jurat.Unavailable},
		{"a leading zero", strings.Replace(string(msg), "\n5\n", "\n05\n", 1), jurat.Unavailable},
		{"a negative size", strings.Replace(string(msg), "\n5\n", "\n-5\n", 1), jurat.Unavailable},
		{"an extension line", lines[0] + "\n5\n" + lines[2] + "\nmore\n\n" + sig, jurat.Unavailable},
		{"no root", lines[0] + "\n5\n\n" + sig, jurat.Unavailable},
		{"signed by another log's key", string(misnamed), jurat.Unavailable},
		{"empty", "", jurat.Unavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := OpenCheckpoint([]byte(tc.msg), other.vkey, l.vkey)
			want(t, err, tc.want)
		})
	}
	t.Run("no key", func(t *testing.T) { _, err := OpenCheckpoint(msg); want(t, err, jurat.Unavailable) })
	t.Run("a bad key", func(t *testing.T) { _, err := OpenCheckpoint(msg, "x"); want(t, err, jurat.Invalid) })
	t.Run("signed for another origin", func(t *testing.T) {
		_, err := c.Sign(other.signer)
		want(t, err, jurat.Invalid)
	})
}

func TestALogKeyHasOneSpelling(t *testing.T) { // L10
	t.Parallel()
	vkey := newTestLog(t, "city.example/log", 0).vkey
	name, hash, key := strings.SplitN(vkey, "+", 3)[0], strings.SplitN(vkey, "+", 3)[1], strings.SplitN(vkey, "+", 3)[2]
	for _, bad := range []string{"", "a", name + "+00000000+" + key, name + "+" + strings.ToUpper(hash) + "+" + key + "=", vkey + "\n", name + "x+" + hash + "+" + key} {
		if _, err := LogKeyOrigin(bad); !errors.Is(err, jurat.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if got, err := LogKeyOrigin(vkey); err != nil || got != "city.example/log" {
		t.Error(got, err)
	}
}

func TestAQuorumOfWitnessesAnchorsACheckpoint(t *testing.T) { // L14
	t.Parallel()
	l := newTestLog(t, "city.example/log", 3)
	_, msg := l.checkpoint(t, 3)
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var trust Trust
	for n := range byte(3) {
		vkey, err := WitnessKey(fmt.Sprintf("witness%d.example", n), testKey(t, 10+n).Public().(ed25519.PublicKey))
		if err != nil {
			t.Fatal(err)
		}
		trust.Witnesses = append(trust.Witnesses, vkey)
	}
	trust.Quorum = 2
	_, err := trust.Anchored(msg)
	want(t, err, jurat.Unavailable)

	one, err := Cosign(msg, "witness0.example", testKey(t, 10), at)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Cosign(msg, "witness1.example", testKey(t, 11), at.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	list, err := trust.Anchored(one)
	want(t, err, jurat.Unavailable)
	if len(list) != 1 || list[0] != (Cosignature{"witness0.example", at}) {
		t.Errorf("cosignatures %v", list)
	}
	both, err := MergeSignatures(msg, one, two, two)
	if err != nil {
		t.Fatal(err)
	}
	list, err = trust.Anchored(both)
	want(t, err, "")
	if len(list) != 2 {
		t.Errorf("cosignatures %v", list)
	}
	if _, err := OpenCheckpoint(both, l.vkey); err != nil {
		t.Errorf("the log's own signature was lost: %v", err)
	}
	// The other library reads ours.
	v, err := fnote.NewVerifierForCosignatureV1(trust.Witnesses[0])
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open(one, note.VerifierList(v)); err != nil || len(n.Sigs) != 1 {
		t.Errorf("transparency-dev/formats does not accept it: %v", err)
	}
	// A repeated cosignature is one witness.
	twice := append(append([]byte{}, one...), one[len(msg):]...)
	_, err = trust.Anchored(twice)
	want(t, err, jurat.Unavailable)

	forged, err := Cosign(msg, "witness0.example", testKey(t, 10), at)
	if err != nil {
		t.Fatal(err)
	}
	i := strings.LastIndex(string(forged), " ") + 20
	forged[i] ^= 1
	_, err = trust.Anchored(forged)
	want(t, err, jurat.Altered)

	_, other := l.checkpoint(t, 2)
	_, err = MergeSignatures(msg, other)
	want(t, err, jurat.Invalid)
	_, err = Trust{}.Anchored(both)
	want(t, err, jurat.Unavailable)
}

func TestTilePathsAreThoseOfTheStandard(t *testing.T) { // L12
	t.Parallel()
	for path, tile := range map[string]tlog.Tile{
		"tile/0/000":                 {H: 8, L: 0, N: 0, W: 256},
		"tile/0/000.p/1":             {H: 8, L: 0, N: 0, W: 1},
		"tile/1/x001/x234/067":       {H: 8, L: 1, N: 1234067, W: 256},
		"tile/63/x001/000.p/255":     {H: 8, L: 63, N: 1000, W: 255},
		"tile/entries/000":           {H: 8, L: -1, N: 0, W: 256},
		"tile/entries/x999/999.p/17": {H: 8, L: -1, N: 999999, W: 17},
	} {
		if got := TilePath(tile); got != path {
			t.Errorf("%+v is at %s, want %s", tile, got, path)
		}
		if got, err := ParseTilePath(path); err != nil || got != tile {
			t.Errorf("%s is %+v: %v", path, got, err)
		}
	}
	for _, bad := range []string{
		"", "tile", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/data/000",
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/", "tile/0/000.p/+1", "tile/0/x000/000", "tile/0/001/000", "tile/0/x001/x000",
		"tile/0/x01/000", "/tile/0/000", "tile/0/000/", "tile/0/..", "tile/0/x999/x999/x999/x999/x999/x999/x999/999", "tile/+0/000", "tile/entries/000.p/1/",
	} {
		if got, err := ParseTilePath(bad); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("%q is %+v: %v", bad, got, err)
		}
	}
}

func TestABundleHoldsItsEntries(t *testing.T) { // L12
	t.Parallel()
	var b []byte
	var err error
	for _, e := range []string{"", "a", strings.Repeat("x", MaxEntry)} {
		if b, err = AppendEntry(b, []byte(e)); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Entries(b)
	if err != nil || len(list) != 3 || string(list[1]) != "a" || len(list[2]) != MaxEntry {
		t.Fatalf("%d entries: %v", len(list), err)
	}
	_, err = Entries(b[:len(b)-1])
	want(t, err, jurat.Unavailable)
	_, err = Entries(b[:3])
	want(t, err, jurat.Unavailable)
	_, err = Entries(make([]byte, 2*(TileWidth+1)))
	want(t, err, jurat.Unavailable)
	_, err = AppendEntry(nil, make([]byte, MaxEntry+1))
	want(t, err, jurat.Invalid)
}

func TestAnInclusionProofLeadsFromOneLeafToOneRoot(t *testing.T) { // L15
	t.Parallel()
	l := newTestLog(t, "city.example/log", 300)
	for _, size := range []int64{1, 2, 7, 256, 300} {
		for _, i := range []int64{0, size / 2, size - 1} {
			p := l.inclusion(t, i, size)
			b := p.Marshal()
			again, err := ParseInclusionProof(b)
			if err != nil || string(again.Marshal()) != string(b) {
				t.Fatalf("leaf %d of %d: %v", i, size, err)
			}
			if c, err := again.Verify(l.leaves[i], l.vkey); err != nil || c.Size != size {
				t.Errorf("leaf %d of %d: %v", i, size, err)
			}
			var other proof.TLogProof // an independent reader
			if err := other.Unmarshal(b); err != nil || other.Index != uint64(i) || string(other.Marshal()) != string(b) {
				t.Errorf("transparency-dev/formats reads leaf %d of %d as %d: %v", i, size, other.Index, err)
			}
		}
	}
	p := l.inclusion(t, 5, 300)
	_, err := p.Verify([]byte("another leaf"), l.vkey)
	want(t, err, jurat.Altered)
	p.Index = 6
	_, err = p.Verify(l.leaves[5], l.vkey)
	want(t, err, jurat.Altered)
	p = l.inclusion(t, 5, 300)
	p.Index = 300
	_, err = p.Verify(l.leaves[5], l.vkey)
	want(t, err, jurat.Altered)
	p = l.inclusion(t, 5, 300)
	p.Hashes[0][3] ^= 1
	_, err = p.Verify(l.leaves[5], l.vkey)
	want(t, err, jurat.Altered)
	p = l.inclusion(t, 5, 300)
	_, err = p.Verify(l.leaves[5])
	want(t, err, jurat.Unavailable)

	good := string(p.Marshal())
	for name, bad := range map[string]string{
		"another version":  strings.Replace(good, "@v1", "@v2", 1),
		"extra data":       strings.Replace(good, "index ", "extra YQ==\nindex ", 1),
		"a leading zero":   strings.Replace(good, "index 5", "index 05", 1),
		"a negative index": strings.Replace(good, "index 5", "index -5", 1),
		"no index":         strings.Replace(good, "index 5\n", "", 1),
		"a carriage":       strings.Replace(good, "\n", "\r\n", 2),
		"no checkpoint":    good[:strings.Index(good, "\n\n")+2],
		"cut short":        good[:60],
		"many hashes":      strings.Replace(good, "index 5\n", "index 5\n"+strings.Repeat(tlog.Hash{}.String()+"\n", 127), 1),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseInclusionProof([]byte(bad))
			want(t, err, jurat.Unavailable)
		})
	}
}

func TestAConsistencyProofLeadsFromOneRootToAnother(t *testing.T) { // L16
	t.Parallel()
	l := newTestLog(t, "city.example/log", 300)
	prove := func(old, size int64) (Checkpoint, ConsistencyProof) {
		c, _ := l.checkpoint(t, old)
		_, msg := l.checkpoint(t, size)
		p := ConsistencyProof{Old: old, Checkpoint: msg}
		if old > 0 {
			hashes, err := tlog.ProveTree(size, old, l)
			if err != nil {
				t.Fatal(err)
			}
			p.Hashes = hashes
		}
		return c, p
	}
	for _, tc := range [][2]int64{{0, 1}, {0, 300}, {1, 2}, {7, 8}, {255, 256}, {256, 300}, {300, 300}} {
		old, p := prove(tc[0], tc[1])
		again, err := ParseConsistencyProof(p.Marshal())
		if err != nil || string(again.Marshal()) != string(p.Marshal()) {
			t.Fatalf("%v: %v", tc, err)
		}
		if c, err := again.Verify(old, l.vkey); err != nil || c.Size != tc[1] {
			t.Errorf("%v: %v", tc, err)
		}
	}
	old, p := prove(100, 300)
	forked := old
	forked.Root[0] ^= 1
	_, err := p.Verify(forked, l.vkey)
	want(t, err, jurat.Altered)
	p.Hashes[1][0] ^= 1
	_, err = p.Verify(old, l.vkey)
	want(t, err, jurat.Altered)
	_, p = prove(99, 300)
	_, err = p.Verify(old, l.vkey)
	want(t, err, jurat.Unavailable)
	smaller, _ := l.checkpoint(t, 300)
	_, p = prove(50, 100)
	p.Old = 300
	_, err = p.Verify(smaller, l.vkey)
	want(t, err, jurat.Altered)
	same := old
	same.Root[5] ^= 1
	_, p = prove(100, 100)
	_, err = p.Verify(same, l.vkey)
	want(t, err, jurat.Altered)
}

func TestAWitnessMayHaveAKeyOfTheNewerKind(t *testing.T) { // L14, L17
	t.Parallel()
	_, msg := newTestLog(t, "city.example/log", 3).checkpoint(t, 3)
	skey, vkey, err := fnote.GenerateMLDSAKey("witness.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := fnote.NewMLDSASigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	n, err := openNote(msg)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := note.Sign(n, signer)
	if err != nil {
		t.Fatal(err)
	}
	trust := Trust{Witnesses: []string{vkey}, Quorum: 1}
	b, err := trust.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if trust, err = ParseTrust(b); err != nil {
		t.Fatal(err)
	}
	list, err := trust.Anchored(signed)
	want(t, err, "")
	if len(list) != 1 || list[0].Witness != "witness.example" || list[0].At.IsZero() {
		t.Errorf("cosignatures %v", list)
	}
}
