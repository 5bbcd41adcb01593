package format

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"
)

// Each parser has a target (L21): any input gives a value or an error, and what has
// one spelling is printed again as it was read.

func FuzzJSON(f *testing.F) { // L1
	for _, s := range []string{`{"a":[1,-2.5e+3,"\u00e9\ud83d\ude80\n",{}],"b":null}`, `"\ud800"`, `[1,]`, `{"a":1,"a":2}`, ` true `, `01`, `"` + "\xff" + `"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		err := checkJSON(b, false)
		if err == nil && !json.Valid(b) {
			t.Errorf("we accept %q, encoding/json does not", b)
		}
		if json.Valid(b) && utf8.Valid(b) && err != nil {
			// Stricter only where L1 says so.
			if s := err.Error(); !strings.Contains(s, "twice") && !strings.Contains(s, "surrogate") && !strings.Contains(s, "nested") {
				t.Errorf("%q: %v", b, err)
			}
		}
		if utf8.Valid(b) {
			quoted := appendText(nil, string(b))
			if got, err := text(quoted); err != nil || got != string(b) {
				t.Errorf("%q quoted is %s, and read %q: %v", b, quoted, got, err)
			}
		}
	})
}

func FuzzDisclosure(f *testing.F) { // L7
	_, s := testSheet(f, testEvent(), testPlace(), rand.Reader)
	for _, d := range s.Disclosures() {
		f.Add(string(d))
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, value, err := Disclosure(s).Open()
		if err != nil {
			return
		}
		b, err := unbase64(s)
		if err != nil || url64.EncodeToString(b) != s {
			t.Errorf("%q has two spellings", s)
		}
		if !claimName(name) || !json.Valid(value) {
			t.Errorf("name %q, value %q", name, value)
		}
	})
}

func FuzzReadLeaf(f *testing.F) { // L2, L3
	for _, v := range readVectors(f).Vectors {
		list := make([]string, len(v.Disclosures))
		for i, d := range v.Disclosures {
			list[i] = string(d)
		}
		f.Add([]byte(v.Leaf), strings.Join(list, "~"))
	}
	f.Fuzz(func(t *testing.T, leaf []byte, joined string) {
		var ds []Disclosure
		if joined != "" {
			for d := range strings.SplitSeq(joined, "~") {
				ds = append(ds, Disclosure(d))
			}
		}
		s, err := ReadLeaf(leaf, ds)
		if a := answer(err); strings.HasPrefix(a, "an error") {
			t.Error(a)
		}
		if err == nil && len(s.Claims)+len(s.Parts) != len(ds) {
			t.Errorf("%d disclosures gave %d claims and %d parts", len(ds), len(s.Claims), len(s.Parts))
		}
		if sums, issuer, err := parseLeaf(leaf); err == nil {
			again := append(appendDigests([]byte(leafHead), sums), leafAlg+leafIss+issuer+leafTail...)
			if !bytes.Equal(again, leaf) {
				t.Errorf("%s\nis printed\n%s", leaf, again)
			}
		}
	})
}

func FuzzJWS(f *testing.F) { // L8
	key := testKey(f, 1)
	f.Add(SignJWS(key, "typ", []byte("{}")))
	f.Add("e30.e30.e30")
	f.Fuzz(func(t *testing.T, s string) {
		j, err := ParseJWS(s)
		if err != nil {
			return
		}
		parts := strings.Split(s, ".")
		if url64.EncodeToString(j.Payload) != parts[1] || url64.EncodeToString(j.signature) != parts[2] || j.signed != parts[0]+"."+parts[1] {
			t.Errorf("%q is not what was read", s)
		}
	})
}

func FuzzPresentation(f *testing.F) { // L8
	f.Add("a.b.c~d~e~")
	f.Add("~")
	f.Fuzz(func(t *testing.T, s string) {
		if jws, ds, err := ParsePresentation(s); err == nil && Present(jws, ds) != s {
			t.Errorf("%q is printed %q", s, Present(jws, ds))
		}
	})
}

func FuzzCheckpoint(f *testing.F) { // L13
	l := newTestLog(f, "city.example/log", 3)
	_, msg := l.checkpoint(f, 3)
	f.Add(msg)
	f.Add([]byte("a\n0\n" + tlog.Hash{}.String() + "\n\n— a AAAAAAA=\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCheckpoint(b)
		if err != nil {
			return
		}
		if !strings.HasPrefix(string(b), c.Text()+"\n") {
			t.Errorf("%q is read as %q", b, c.Text())
		}
		merged, err := MergeSignatures(b, b)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := MergeSignatures(merged); err != nil || !bytes.Equal(again, merged) {
			t.Errorf("merged %q and again %q: %v", merged, again, err)
		}
	})
}

func FuzzTilePath(f *testing.F) { // L12
	f.Add("tile/entries/x001/x234/067.p/255")
	f.Add("tile/0/000")
	f.Fuzz(func(t *testing.T, s string) {
		if tile, err := ParseTilePath(s); err == nil && TilePath(tile) != s {
			t.Errorf("%q is printed %q", s, TilePath(tile))
		}
	})
}

func FuzzEntries(f *testing.F) { // L12
	f.Add([]byte{0, 0, 0, 1, 'a'})
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := Entries(b)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range list {
			if again, err = AppendEntry(again, e); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(again, b) {
			t.Errorf("%q is printed %q", b, again)
		}
	})
}

func FuzzInclusionProof(f *testing.F) { // L15
	l := newTestLog(f, "city.example/log", 9)
	f.Add(l.inclusion(f, 4, 9).Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseInclusionProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Marshal(), b) {
			t.Errorf("%q is printed %q", b, p.Marshal())
		}
		_, _ = p.Verify([]byte("x"), l.vkey) // no panic
		c, err := ParseCheckpoint(p.Checkpoint)
		if err == nil {
			_ = tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, tlog.Hash{})
		}
	})
}

func FuzzConsistencyProof(f *testing.F) { // L16
	l := newTestLog(f, "city.example/log", 9)
	_, msg := l.checkpoint(f, 9)
	hashes, err := tlog.ProveTree(9, 5, l)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ConsistencyProof{Old: 5, Hashes: hashes, Checkpoint: msg}.Marshal())
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParseConsistencyProof(b)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Marshal(), b) {
			t.Errorf("%q is printed %q", b, p.Marshal())
		}
		if c, err := ParseCheckpoint(p.Checkpoint); err == nil && p.Old > 0 && p.Old <= c.Size {
			_ = tlog.CheckTree(p.Hashes, c.Size, c.Root, p.Old, tlog.Hash{})
		}
	})
}

func FuzzTrust(f *testing.F) { // L17
	b, err := testTrust(f).Marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		trust, err := ParseTrust(b)
		if err != nil {
			return
		}
		printed, err := trust.Marshal()
		if err != nil {
			t.Fatalf("%q is accepted and cannot be printed: %v", b, err)
		}
		again, err := ParseTrust(printed)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := again.Marshal(); err != nil || !bytes.Equal(twice, printed) {
			t.Errorf("%q and %q: %v", printed, twice, err)
		}
	})
}

func FuzzKeys(f *testing.F) { // L18
	b, err := MarshalKeys(testKeys(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		keys, err := ParseKeys(b)
		if err != nil {
			return
		}
		if again, err := MarshalKeys(keys); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q is printed %q: %v", b, again, err)
		}
	})
}

func FuzzRotation(f *testing.F) { // L19
	r, err := SignRotation(KeyOffice, "city.example/log", "", testKey(f, 1), testKey(f, 2))
	if err != nil {
		f.Fatal(err)
	}
	b, err := json.Marshal(r)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(_ *testing.T, b []byte) {
		if r, err := ParseRotation(b); err == nil {
			_ = r.Verify() // no panic
		}
	})
}

func FuzzToken(f *testing.F) { // L20
	a, data := newTestAuthority(f, nil), []byte("a checkpoint")
	resp := a.stamp(f, data, nil)
	f.Add(resp)
	bare, err := unwrapToken(resp)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(bare)
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := VerifyToken(b, data, nil, nil)
		if err == nil {
			t.Error("a token nobody is trusted for is intact")
		}
		if got := answer(err); strings.HasPrefix(got, "an error") {
			t.Error(got)
		}
	})
}
