package dossier_test

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
)

func wantAnswer(t *testing.T, want string, r dossier.Report) {
	t.Helper()
	if r.Answer != want || (want == dossier.Intact) != (len(r.Findings) == 0) {
		for _, f := range r.Findings {
			t.Logf("%s: %s: %s", f.Answer, f.Where, f.What)
		}
		t.Fatalf("answer %q, want %q", r.Answer, want)
	}
}

// wantFinding also wants a finding of that answer about a file.
func wantFinding(t *testing.T, answer, where string, r dossier.Report) {
	t.Helper()
	wantAnswer(t, answer, r)
	if !slices.ContainsFunc(r.Findings, func(f dossier.Finding) bool { return f.Answer == answer && f.Where == where }) {
		t.Errorf("no finding %q about %q in %+v", answer, where, r.Findings)
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keep(t testing.TB, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func unpack(t testing.TB, path string) string {
	t.Helper()
	dir := t.TempDir()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close() //nolint:errcheck // read only
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestADossierThatWasJustBuiltIsIntact(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, sum := c.build(c.tell(), 0, nil)
	t.Run("without trust, and says first what that leaves open", func(t *testing.T) {
		r := dossier.Verify(t.Context(), path, dossier.Options{})
		wantAnswer(t, dossier.Intact, r)
		if len(r.NotChecked) < 2 || !strings.HasPrefix(r.NotChecked[0], "issuer identity") || !strings.HasPrefix(r.NotChecked[1], "split view") {
			t.Errorf("not_checked begins with %q", r.NotChecked[:min(2, len(r.NotChecked))])
		}
	})
	trust := trustOf(t, nil, c)
	t.Run("with trust, published and not anchored", func(t *testing.T) {
		r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trust})
		wantAnswer(t, dossier.Intact, r)
		if !strings.HasPrefix(r.NotChecked[0], "split view: the checkpoint is published, not anchored") {
			t.Errorf("not_checked begins with %q", r.NotChecked[0])
		}
		if r.Contents == nil || r.Contents.TagManifest != sum.TagManifest || r.Contents.Trust != jurat.DigestOf(trust) || r.Contents.Transport != "plain" {
			t.Errorf("contents %+v", r.Contents)
		}
	})
	t.Run("unpacked", func(t *testing.T) {
		wantAnswer(t, dossier.Intact, dossier.Verify(t.Context(), unpack(t, path), dossier.Options{Trust: trust}))
	})
	t.Run("unpacked, the folder itself", func(t *testing.T) {
		wantAnswer(t, dossier.Intact, dossier.Verify(t.Context(), filepath.Join(unpack(t, path), sum.Top), dossier.Options{Trust: trust}))
	})
}

// A pipe nobody writes to must not keep a verifier waiting for good.
func TestAPipeIsCouldNotTell(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "dossier.zip")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	done := make(chan dossier.Report, 1)
	go func() { done <- dossier.Verify(t.Context(), pipe, dossier.Options{}) }()
	select {
	case r := <-done:
		wantAnswer(t, dossier.Unsure, r)
	case <-time.After(10 * time.Second):
		t.Error("it waits for the pipe")
	}
}

func TestAFolderWithALinkIsAltered(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, sum := c.build(c.tell(), 0, nil)
	dir := filepath.Join(unpack(t, path), sum.Top)
	exhibit := filepath.Join(dir, "data", "exhibits", "E1.jpg")
	elsewhere := keep(t, "elsewhere.jpg", readFile(t, exhibit))
	if err := os.Remove(exhibit); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(elsewhere, exhibit); err != nil {
		t.Fatal(err)
	}
	r := dossier.Verify(t.Context(), dir, dossier.Options{})
	wantFinding(t, dossier.Altered, "data/exhibits/E1.jpg", r)
	if !strings.Contains(r.Findings[0].What, "link") {
		t.Errorf("it does not say that it is a link: %+v", r.Findings)
	}
}

func TestAnEncryptedDossierOpensForItsReceiverAlone(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := dossier.Encrypt(&b, bytes.NewReader(readFile(t, path)), mine.Recipient().String()); err != nil {
		t.Fatal(err)
	}
	sealed := keep(t, "dossier.zip.age", b.Bytes())
	r := dossier.Verify(t.Context(), sealed, dossier.Options{Identity: []age.Identity{mine}})
	wantAnswer(t, dossier.Intact, r)
	if r.Contents.Transport != "age" {
		t.Errorf("transport %q", r.Contents.Transport)
	}
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), sealed, dossier.Options{}))
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), sealed, dossier.Options{Identity: []age.Identity{other}}))
	short := keep(t, "short.age", b.Bytes()[:b.Len()-100])
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), short, dossier.Options{Identity: []age.Identity{mine}}))
	var plain bytes.Buffer
	if err := dossier.Decrypt(&plain, bytes.NewReader(b.Bytes()), mine); err != nil || !bytes.Equal(plain.Bytes(), readFile(t, path)) {
		t.Errorf("Decrypt: %v", err)
	}
}

// A flipped byte that verify overlooks would be a forgery it overlooks.
func TestNoFlippedByteIsIntact(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	whole := readFile(t, path)
	trust := trustOf(t, nil, c)
	step := 397
	if testing.Short() {
		step = 3001
	}
	copied := filepath.Join(t.TempDir(), "flipped.zip")
	for at := 0; at < len(whole); at += step {
		whole[at] ^= 0x20
		if err := os.WriteFile(copied, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		whole[at] ^= 0x20
		if r := dossier.Verify(t.Context(), copied, dossier.Options{Trust: trust}); r.Answer == dossier.Intact {
			t.Errorf("byte %d of %d flipped, and the answer is intact", at, len(whole))
		}
	}
}

func TestACopyCutShortIsCouldNotTell(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, _ := c.build(c.tell(), 0, nil)
	whole := readFile(t, path)
	for _, n := range []int{0, 1, 3, 30, len(whole) / 2, len(whole) - 100, len(whole) - 1} {
		wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), keep(t, "short.zip", whole[:n]), dossier.Options{}))
	}
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), filepath.Join(t.TempDir(), "absent.zip"), dossier.Options{}))
}

// A file zipped again holds the same evidence; it is not called altered, and
// not called intact either, unless its contents were altered.
func TestAWrapperOfAnotherMakeIsReadToTheEnd(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	path, sum := c.build(c.tell(), 0, nil)
	again := func(change func(name string, b []byte) []byte) string {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range z.File {
			r, err := m.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, _ := io.ReadAll(r)
			f, err := w.Create(m.Name)
			if err != nil {
				t.Fatal(err)
			}
			f.Write(change(strings.TrimPrefix(m.Name, sum.Top+"/"), text)) //nolint:errcheck // memory
		}
		w.Close() //nolint:errcheck // memory
		return keep(t, "again.zip", b.Bytes())
	}
	r := dossier.Verify(t.Context(), again(func(_ string, b []byte) []byte { return b }), dossier.Options{})
	wantFinding(t, dossier.Unsure, "ZIP", r)
	r = dossier.Verify(t.Context(), again(func(name string, b []byte) []byte {
		if name == "data/exhibits/E1.jpg" {
			return append(b, '!')
		}
		return b
	}), dossier.Options{})
	wantFinding(t, dossier.Altered, "data/exhibits/E1.jpg", r)
}

func TestTheHandCheckOfVerifyMdWorks(t *testing.T) {
	for _, tool := range []string{"unzip", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			skip(t, tool+" is not installed")
		}
	}
	c := newCity(t, "city.example/log", "city")
	path, sum := c.build(c.tell(), 0, nil)
	dir := t.TempDir()
	run := func(in string, name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Dir = in
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v\n%s", name, args, err, out)
		}
		return string(out)
	}
	run(dir, "unzip", "-q", path)
	top := filepath.Join(dir, sum.Top)
	run(top, "sha256sum", "--check", "--quiet", "manifest-sha256.txt")
	run(top, "sha256sum", "--check", "--quiet", "tagmanifest-sha256.txt")
	if out := run(top, "sha256sum", "tagmanifest-sha256.txt"); !strings.HasPrefix(out, sum.TagManifest.Hex()) {
		t.Errorf("sha256sum says %s, the summary %s", out, sum.TagManifest)
	}
	if text := string(readFile(t, filepath.Join(top, "VERIFY.md"))); !strings.Contains(text, "cd "+sum.Top+"\n") {
		t.Error("VERIFY.md does not name the folder it is in")
	}
}

// skip skips loudly; where nothing may be skipped it fails.
func skip(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("JURAT_REQUIRE") == "all" {
		t.Fatal(why)
	}
	t.Skip("SKIPPED: " + why)
}

func TestASupplementIsCheckedWithTheDossierBeforeIt(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	first := c.tell()
	path, sum := c.build(first, 0, nil)
	size := int64(len(c.leaves))
	second := c.follow(first, sum)
	path2, sum2 := c.build(second, size, nil)
	size2 := int64(len(c.leaves))
	path3, _ := c.build(c.follow(second, sum2), size2, nil)
	trust := trustOf(t, nil, c)

	wantFinding(t, dossier.Unsure, "previous", dossier.Verify(t.Context(), path2, dossier.Options{Trust: trust}))
	wantAnswer(t, dossier.Intact, dossier.Verify(t.Context(), path2, dossier.Options{Trust: trust, Previous: path}))
	wantAnswer(t, dossier.Intact, dossier.Verify(t.Context(), path3, dossier.Options{Trust: trust, Previous: path2}))
	wantFinding(t, dossier.Unsure, "previous", dossier.Verify(t.Context(), path3, dossier.Options{Trust: trust, Previous: path})) // a number skipped
	wantAnswer(t, dossier.Unsure, dossier.Verify(t.Context(), path2, dossier.Options{Trust: trust, Previous: filepath.Join(t.TempDir(), "absent")}))

	other := newCity(t, "city.example/log", "city") // the same city, another first dossier
	told := other.tell()
	told.doc.Missing = nil
	changed, _ := other.build(told, 0, nil)
	wantFinding(t, dossier.Altered, "previous", dossier.Verify(t.Context(), path2, dossier.Options{Trust: trust, Previous: changed}))
}

func receiptOf(r dossier.Report, at time.Time) format.Receipt {
	c := r.Contents
	return format.Receipt{
		Version: format.DossierVersion, Origin: c.Origin, Incident: c.Referral.Incident.Value.Number, Referral: c.Referral.Dossier.Referral,
		Number: c.Referral.Dossier.Number, TagManifest: c.TagManifest, Seal: c.SealHash, Answer: r.Answer, NotChecked: r.NotChecked,
		Trust: c.Trust, Receiver: format.OfficeName{Office: "county-prosecutor", Name: "County prosecutor", Origin: "county.example/log"}, At: at, Transport: c.Transport,
	}
}

func TestAReceiptIsForTheseBytesOrForOthers(t *testing.T) {
	c, county := newCity(t, "city.example/log", "city"), newCity(t, "county.example/log", "county")
	s := c.tell()
	path, sum := c.build(s, 0, nil)
	size := int64(len(c.leaves))
	path2, _ := c.build(c.follow(s, sum), size, nil)
	trust := trustOf(t, nil, c, county)
	r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trust})
	sign := func(key ed25519.PrivateKey, change func(*format.Receipt)) string {
		rc := receiptOf(r, c.at)
		change(&rc)
		text, err := rc.Sign(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	same := func(*format.Receipt) {}
	good := sign(county.office, same)
	for _, tc := range []struct {
		name, path, receipt, want string
	}{
		{"for this dossier", path, good, dossier.Intact},
		{"for another dossier", path2, good, dossier.Altered},
		{"with another seal", path, sign(county.office, func(r *format.Receipt) { r.Seal = "AAAA" }), dossier.Altered},
		{"with another tag manifest", path, sign(county.office, func(r *format.Receipt) { r.TagManifest[0] ^= 1 }), dossier.Altered},
		{"signed by the sender", path, sign(c.office, same), dossier.Unsure},
		{"signed by a stranger", path, sign(seeded("x", "y"), same), dossier.Unsure},
		{"by one office in another's name", path, sign(county.office, func(r *format.Receipt) { r.Receiver.Origin = "other.example/log" }), dossier.Altered},
		{"with another signature", path, good[:len(good)-6] + "AAAAAA", dossier.Altered},
		{"of no known form", path, "receipt", dossier.Unsure},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := dossier.Options{Trust: trust, Receipt: keep(t, "receipt.json", []byte(tc.receipt))}
			if tc.path == path2 {
				o.Previous = path
			}
			wantAnswer(t, tc.want, dossier.Verify(t.Context(), tc.path, o))
		})
	}
	absent := dossier.Options{Trust: trust, Receipt: filepath.Join(t.TempDir(), "absent.json")}
	wantFinding(t, dossier.Unsure, "receipt", dossier.Verify(t.Context(), path, absent))
}

func TestAQuorumOfTrustedWitnessesAnchors(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	clerk := seeded("clerk", "witness")
	path, _ := c.build(c.tell(), 0, func(checkpoint []byte) []byte {
		out, err := format.Cosign(checkpoint, "clerk.example", clerk, c.at)
		c.must(err)
		return out
	})
	vkey, err := format.WitnessKey("clerk.example", clerk.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	r := dossier.Verify(t.Context(), path, dossier.Options{Trust: trustOf(t, []string{vkey}, c)})
	wantAnswer(t, dossier.Intact, r)
	if !r.Contents.Anchored || slices.ContainsFunc(r.NotChecked, func(s string) bool { return strings.HasPrefix(s, "split view") }) {
		t.Errorf("anchored %v, not checked %q", r.Contents.Anchored, r.NotChecked)
	}
}

func TestBuildRefusesBytesThatAreNotOnTheRecord(t *testing.T) {
	c := newCity(t, "city.example/log", "city")
	s := c.tell()
	for name, change := range map[string]func(*dossier.Exhibit){
		"altered":     func(x *dossier.Exhibit) { x.Digest[0] ^= 1 },
		"of one size": func(x *dossier.Exhibit) { x.Size++ },
	} {
		t.Run(name, func(t *testing.T) {
			p := c.parcel(s)
			change(&p.Exhibits[0])
			f, err := os.Create(filepath.Join(t.TempDir(), "d.zip"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // a test's
			if _, err := dossier.Build(t.Context(), f, p, c.seal(s, 0, nil)); err == nil {
				t.Fatal("built")
			} else {
				t.Log(err)
			}
		})
	}
}

// A dossier carries no record that stands behind a wall and nothing the house
// keeps to itself, whoever fills the parcel.
func TestBuildRefusesWhatNeverLeavesItsRecord(t *testing.T) {
	walled := jurat.Record{ID: "2026-000001-R1", Wall: jurat.WallGrandJury, Fields: json.RawMessage(`{}`)}
	value, err := json.Marshal(walled)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		change func(*city, *dossier.Parcel)
		say    string
	}{
		"a record behind a wall": {func(_ *city, p *dossier.Parcel) { p.Referral.Records[0].Versions[0].Value = value }, "behind a wall"},
		"a record of the house":  {func(_ *city, p *dossier.Parcel) { p.Referral.Records[0].ID = "record-1" }, "the house's own"},
		"an event of a record":   {func(_ *city, p *dossier.Parcel) { p.House = append(p.House, p.Events[0]) }, "no dossier carries one"},
		"an event behind a wall": {func(c *city, p *dossier.Parcel) {
			ev := c.record(jurat.Event{Act: jurat.RecordAdded, Incident: c.incident, Item: walled.Item(), Value: walled}, "officer-4471")
			p.Events = append(p.Events, ev.event)
		}, "behind a wall"},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCity(t, "city.example/log", "city") // what a case records is in no other's parcel
			s := c.tell()
			p := c.parcel(s)
			tc.change(c, &p)
			f, err := os.Create(filepath.Join(t.TempDir(), "d.zip"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close() //nolint:errcheck // a test's
			if _, err := dossier.Build(t.Context(), f, p, c.seal(s, 0, nil)); !errors.Is(err, jurat.Conflict) || !strings.Contains(err.Error(), tc.say) {
				t.Errorf("built: %v", err)
			}
		})
	}
}
