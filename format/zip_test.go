package format

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"jurat"
)

// writeZip writes members with a ZipWriter and gives the archive.
func writeZip(t testing.TB, names []string, contents map[string][]byte) []byte {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "z.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read back below
	z := NewZipWriter(f)
	for i, name := range names {
		b := contents[name]
		if i%2 == 0 {
			_, err = z.Add(name, int64(len(b)), bytes.NewReader(b), nil)
		} else {
			_, err = z.AddBytes(name, b)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func smallZip(t testing.TB) []byte {
	big := bytes.Repeat([]byte("0123456789abcdef"), 300_000) // several blocks
	return writeZip(t, []string{"top/data/a", "top/data/b", "top/bagit.txt", "top/jurat/x"},
		map[string][]byte{"top/data/a": big, "top/data/b": nil, "top/bagit.txt": []byte("one"), "top/jurat/x": []byte("two")})
}

func crcsOf(t testing.TB, z *Zip) []uint32 {
	t.Helper()
	var crcs []uint32
	for i := range z.Members {
		r, err := z.Open(i)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Sum(nil, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		crcs = append(crcs, s.CRC)
	}
	return crcs
}

func TestAnotherZipReaderReadsWhatWeWrite(t *testing.T) {
	b := smallZip(t)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range z.File {
		r, err := m.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil { // checks the CRC
			t.Errorf("%s: %v", m.Name, err)
		}
	}
	ours, err := ReadZip(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(ours.Faults) != 0 || len(ours.Members) != len(z.File) {
		t.Fatalf("%v, faults %v, %d members", err, ours.Faults, len(ours.Members))
	}
	if what, err := ours.Canonical(crcsOf(t, ours)); what != "" || err != nil {
		t.Errorf("not canonical: %s %v", what, err)
	}
}

func TestEveryFlippedBitOfAWrapperIsSeen(t *testing.T) {
	b := writeZip(t, []string{"top/data/a", "top/bagit.txt"}, map[string][]byte{"top/data/a": nil, "top/bagit.txt": []byte("x")})
	for at := range b {
		if b[at] == 'x' && b[at-1] == 't' {
			continue // the one byte of contents
		}
		b[at] ^= 1
		z, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		if err == nil && len(z.Faults) == 0 {
			if what, err := z.Canonical([]uint32{0, crc32.ChecksumIEEE([]byte("x"))}); what == "" && err == nil {
				t.Errorf("byte %d: canonical", at)
			}
		}
		b[at] ^= 1
	}
}

func TestTheWriterRefusesWhatTheProfileDoesNotHave(t *testing.T) {
	for name, names := range map[string][]string{
		"a name twice": {"top/data/a", "top/data/a"}, "out of order": {"top/data/b", "top/data/a"}, "tags before the payload": {"top/bagit.txt", "top/data/a"},
		"no directory": {"a"}, "a way out": {"top/../a"}, "an empty part": {"top//a"}, "other letters": {"top/ä"}, "a space": {"top/a b"}, "absolute": {"/top/a"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Create(filepath.Join(t.TempDir(), "z"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // a test's
			z := NewZipWriter(f)
			for _, n := range names {
				_, err = z.AddBytes(n, nil)
			}
			if !errors.Is(err, jurat.Invalid) {
				t.Errorf("%v: want Invalid", err)
			}
			if err := z.Close(); err == nil {
				t.Error("closed after a refusal")
			}
		})
	}
}

func TestAMemberOfAnotherSizeThanStatedIsRefused(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "z"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // a test's
	if _, err := NewZipWriter(f).Add("top/data/a", 5, strings.NewReader("four"), nil); !errors.Is(err, jurat.Conflict) {
		t.Errorf("%v: want Conflict", err)
	}
}

func TestSumKeepsTheReadersError(t *testing.T) {
	broken := errors.New("the cable was pulled")
	for _, n := range []int{10, 100 << 10, 5 << 20} {
		src := io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(broken))
		if s, err := Sum(nil, src, nil); !errors.Is(err, broken) || s.Size != int64(n) {
			t.Errorf("after %d bytes: %d, %v", n, s.Size, err)
		}
		src = io.MultiReader(bytes.NewReader(make([]byte, n)), iotest.ErrReader(io.ErrUnexpectedEOF))
		if _, err := Sum(nil, src, nil); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a source cut short after %d bytes was taken for one that ended", n)
		}
		b := bytes.Repeat([]byte{7}, n)
		s, err := Sum(nil, iotest.OneByteReader(bytes.NewReader(b[:min(n, 200<<10)])), nil)
		if err != nil || s != SumBytes(b[:min(n, 200<<10)]) {
			t.Errorf("%d bytes, one at a time: %+v %v", n, s, err)
		}
	}
}

// A wrapper that ends early while its writer answers io.EOF, as a closed pipe
// may, would otherwise be taken for whole.
func TestAWriterThatSaysEndOfFileIsNoEnd(t *testing.T) {
	for _, n := range []int{10, 100 << 10, 5 << 20} {
		if _, err := Sum(refusing{}, bytes.NewReader(make([]byte, n)), nil); !errors.Is(err, io.EOF) {
			t.Errorf("of %d bytes none was written: %v", n, err)
		}
	}
}

type refusing struct{}

func (refusing) Write([]byte) (int, error) { return 0, io.EOF }

// sparse is a file of zeros with some pieces in it.
type sparse struct {
	size   int64
	pieces map[int64][]byte
}

func (s sparse) ReadAt(b []byte, at int64) (int, error) {
	clear(b)
	n := int(min(int64(len(b)), s.size-at))
	for from, piece := range s.pieces {
		if from < at+int64(n) && from+int64(len(piece)) > at {
			lo, hi := max(from, at), min(from+int64(len(piece)), at+int64(n))
			copy(b[lo-at:hi-at], piece[lo-from:hi-from])
		}
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func TestSixtyFourBitArchivesAreCanonicalToo(t *testing.T) {
	members := []ZipMember{{"top/data/a", 5 << 30, 1}, {"top/data/b", 3, 2}, {"top/data/c", max32, 3}, {"top/data/d", max32 - 1, 4}, {"top/x", 0, 0}}
	s := sparse{pieces: map[int64][]byte{}}
	var dir []byte
	var crcs []uint32
	for _, m := range members {
		head := localHeader(m)
		dir = append(dir, centralRecord(m, s.size)...)
		s.pieces[s.size] = head
		s.size += int64(len(head)) + m.Size
		crcs = append(crcs, m.CRC)
	}
	dir = append(dir, endRecords(len(members), int64(len(dir)), s.size)...)
	s.pieces[s.size] = dir
	s.size += int64(len(dir))

	std, err := zip.NewReader(s, s.size)
	if err != nil {
		t.Fatal(err)
	}
	z, err := ReadZip(s, s.size)
	if err != nil || len(z.Faults) != 0 {
		t.Fatal(err, z)
	}
	for i, m := range members {
		offset, err := std.File[i].DataOffset()
		if err != nil || std.File[i].Name != m.Name || int64(std.File[i].UncompressedSize64) != m.Size || offset != z.entries[i].data || z.Members[i] != m {
			t.Errorf("member %d: %+v at %d, ours %+v at %d, want %+v (%v)", i, std.File[i].FileHeader, offset, z.Members[i], z.entries[i].data, m, err)
		}
	}
	if what, err := z.Canonical(crcs); what != "" || err != nil {
		t.Errorf("not canonical: %s %v", what, err)
	}
}

func TestMoreMembersThanSixteenBitsCount(t *testing.T) {
	var names []string
	for i := range 70_000 {
		names = append(names, fmt.Sprintf("top/x/%06d", i))
	}
	b := writeZip(t, names, nil)
	z, err := ReadZip(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.Members) != len(names) {
		t.Fatal(err)
	}
	if what, err := z.Canonical(make([]uint32, len(names))); what != "" || err != nil {
		t.Errorf("not canonical: %s %v", what, err)
	}
	if std, err := zip.NewReader(bytes.NewReader(b), int64(len(b))); err != nil || len(std.File) != len(names) {
		t.Error(err)
	}
}

func FuzzReadZip(f *testing.F) {
	f.Add(writeZip(f, []string{"top/data/a", "top/bagit.txt"}, map[string][]byte{"top/data/a": []byte("a"), "top/bagit.txt": []byte("b")}))
	var std bytes.Buffer
	w := zip.NewWriter(&std)
	for _, name := range []string{"top/a", "top/b/", "../c"} {
		if m, err := w.Create(name); err == nil {
			io.WriteString(m, "text") //nolint:errcheck // a buffer
		}
	}
	w.Close() //nolint:errcheck // a buffer
	f.Add(std.Bytes())
	f.Fuzz(func(t *testing.T, b []byte) {
		z, err := ReadZip(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		contents, crcs := map[string][]byte{}, []uint32{}
		var names []string
		for i, m := range z.Members {
			r, err := z.Open(i)
			if err != nil {
				return
			}
			text, err := io.ReadAll(io.LimitReader(r, 1<<20))
			if err != nil {
				return
			}
			contents[m.Name], names, crcs = text, append(names, m.Name), append(crcs, crc32.ChecksumIEEE(text))
		}
		what, err := z.Canonical(crcs)
		if what != "" || err != nil || len(z.Faults) != 0 {
			return
		}
		if again := writeZip(t, names, contents); !bytes.Equal(again, b) {
			t.Errorf("called canonical, and written again it is another archive")
		}
	})
}

func FuzzParseManifest(f *testing.F) {
	f.Add(Manifest{{"data/a", jurat.DigestOf(nil)}, {"data/b", jurat.DigestOf([]byte("b"))}}.Print())
	f.Add([]byte(strings.Repeat("a", 64) + " *data/a\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := ParseManifest(b)
		if err == nil && !bytes.Equal(m.Print(), b) {
			t.Errorf("%q has two spellings", b)
		}
	})
}

func FuzzParseReferral(f *testing.F) {
	doc := ReferralDocument{Version: DossierVersion, Accounts: []Stated[jurat.Account]{{Event: "e", Value: jurat.Account{Text: "<&>"}}}}
	b, err := doc.Print()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(bytes.Replace(b, []byte(`"version"`), []byte(`"Version"`), 1))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ParseReferral(b)
		if err != nil {
			return
		}
		if again, err := d.Print(); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q has two spellings (%v)", b, err)
		}
	})
}

func TestManifestsHaveOneSpelling(t *testing.T) {
	sum := strings.Repeat("a", 64)
	for name, text := range map[string]string{
		"a tab": sum + "\tdata/a\n", "one space": sum + " data/a\n", "a star": sum + " *data/a\n", "no end of line": sum + "  data/a", "carriage return": sum + "  data/a\r\n",
		"upper case": strings.ToUpper(sum) + "  data/a\n", "out of order": sum + "  data/b\n" + sum + "  data/a\n", "twice": sum + "  data/a\n" + sum + "  data/a\n",
		"a way out": sum + "  ../a\n", "absolute": sum + "  /a\n", "escaped": sum + "  data/%0A\n", "an empty line": "\n", "leading space": " " + sum + "  data/a\n", "trailing space": sum + "  data/a \n",
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := ParseManifest([]byte(text)); !errors.Is(err, jurat.Invalid) {
				t.Errorf("%v %v: want Invalid", m, err)
			}
		})
	}
}

func TestLettersHaveOneSpellingAndKnowTheirType(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	r := Receipt{Version: DossierVersion, Answer: "intact", NotChecked: []string{"a <b> & c"}}
	text, err := r.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	got, j, err := ReadReceipt(text + "\n")
	if err != nil || got.Answer != "intact" || !slices.Equal(got.NotChecked, r.NotChecked) || j.Verify(TypReceipt, NewJWK(key.Public().(ed25519.PublicKey))) != nil {
		t.Fatalf("%+v %v", got, err)
	}
	if _, _, err := ReadDecision(text); !errors.Is(err, jurat.Unavailable) {
		t.Errorf("a receipt was read as a decision: %v", err)
	}
	if _, err := (Decision{Version: DossierVersion, State: "guilty"}).Sign(key); !errors.Is(err, jurat.Invalid) {
		t.Errorf("a state outside the law's list was signed: %v", err)
	}
	if _, err := (Decision{Version: DossierVersion, State: jurat.ReferralUnprocessed}).Sign(key); !errors.Is(err, jurat.Invalid) {
		t.Errorf("returned unprocessed without a reason: %v", err)
	}
	for name, payload := range map[string]string{
		"another case": `{"Version":1}`, "a space": `{"version": 1}`, "unknown": `{"version":1,"x":1}`, "twice": `{"version":1,"version":1}`,
	} {
		if _, _, err := ReadReceipt(SignJWS(key, TypReceipt, []byte(payload))); !errors.Is(err, jurat.Unavailable) {
			t.Errorf("%s: %v: want Unavailable", name, err)
		}
	}
}

func TestATagManifestSignatureIsDetached(t *testing.T) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	sig := SignTagManifest(key, []byte("the list\n"))
	pub := NewJWK(key.Public().(ed25519.PublicKey))
	if bytes.Contains(sig, []byte(url64.EncodeToString([]byte("the list\n")))) {
		t.Error("the list is in its signature")
	}
	j, err := ParseTagManifestSignature(sig, []byte("the list\n"))
	if err != nil || j.Verify(TypTagManifest, pub) != nil {
		t.Error(err)
	}
	j, err = ParseTagManifestSignature(sig, []byte("another list\n"))
	if err != nil || !errors.Is(j.Verify(TypTagManifest, pub), jurat.Altered) {
		t.Error("a signature over another list holds")
	}
}
