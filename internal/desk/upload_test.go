package desk_test

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // as upload.go
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/register"
	"jurat/internal/vault/vaulttest"
)

// What is said to be shorter than its file is not hashed as if it were all of it;
// said of all of it all the same, the file is hashed when it is whole.
func TestAPartSaidToBeShorterThanItsFileIsNotHashed(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	evidence := r.As("evidence-7")
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<10)
	for name, c := range map[string]struct{ said, sent, hashed int }{
		"some of it":             {1000, 1000, 0},
		"all of it":              {len(data), 1000, 1},
		"not said":               {0, 1000, 1},
		"shorter, and all of it": {1000, len(data), -1},
	} {
		data[0]++ // another file each time
		u := begin(t, r, evidence, in, len(data))
		u, err := goOn(t, r, evidence, u, 0, desk.Sums{Length: int64(c.said)}, bytes.NewReader(data[:c.sent]))
		must(t, err)
		if c.hashed >= 0 {
			must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
				kept, err := tx.Parts(u.ID)
				if len(kept) != 1 || kept[0].Digest.IsZero() != (c.hashed == 0) {
					t.Errorf("%s: %+v", name, kept)
				}
				return err
			}))
			u, err = goOn(t, r, evidence, u, c.sent, desk.Sums{}, bytes.NewReader(data[c.sent:]))
			must(t, err)
		}
		if u.Received == nil || u.Received.Exhibit.Digest != jurat.DigestOf(data) {
			t.Errorf("%s: %+v", name, u.Received)
		}
	}
	must(t, r.SweepUploads(t.Context(), desktest.Noon))
	if n := blobs(t, r); n != 4 {
		t.Errorf("%d blobs of 4 files", n)
	}
}

// begin begins an upload of so many bytes.
func begin(t testing.TB, r *desktest.Record, c desk.Caller, in jurat.IncidentNumber, length int) desk.Upload {
	t.Helper()
	u, err := r.BeginUpload(t.Context(), c, desktest.Noon, desk.Announced{
		Incident: in, Arrival: jurat.Arrival{Kind: "bwc", ReceivedFrom: "driver-a"}, Name: "clip of Somebody.mp4", Length: int64(length),
	})
	must(t, err)
	return u
}

func goOn(t testing.TB, r *desktest.Record, c desk.Caller, u desk.Upload, offset int, sums desk.Sums, body io.Reader) (desk.Upload, error) {
	t.Helper()
	return r.ContinueUpload(t.Context(), c, clock, u.Incident, u.ID, int64(offset), sums, body)
}

func TestAnUploadInPartsBecomesOneExhibit(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		evidence := r.As("evidence-7")
		data := bytes.Repeat([]byte("0123456789abcdef"), 1<<17) // 2 MiB
		u := begin(t, r, evidence, in, len(data))
		text := strings.Builder{}
		must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
			row, err := tx.Upload("evidence-7", u.ID)
			text.Write(row.Body)
			return err
		}))
		if strings.Contains(text.String(), "Somebody") {
			t.Error("the name of a file is kept in clear")
		}
		// The connection is lost, and what came is durable.
		u2, err := goOn(t, r, evidence, u, 0, desk.Sums{}, io.MultiReader(bytes.NewReader(data[:1000]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if !errors.Is(err, jurat.Unavailable) || u2.Offset != 1000 {
			t.Fatalf("a lost connection: %+v, %v", u2, err)
		}
		noted(t, intact(t, r), "1 part of files that are on their way")
		if shown, err := r.ShowUpload(t.Context(), evidence, at(time.Hour), in, u.ID); err != nil || shown.Offset != 1000 || shown.Received != nil {
			t.Fatalf("where it stands: %+v, %v", shown, err)
		}
		// Elsewhere than at its end it does not go on, and more than declared is refused whole.
		_, err = goOn(t, r, evidence, u, 999, desk.Sums{}, bytes.NewReader(data[999:]))
		refused(t, err, jurat.Conflict, "goes on at byte 1000")
		_, err = goOn(t, r, evidence, u, 1000, desk.Sums{}, io.MultiReader(bytes.NewReader(data[1000:]), strings.NewReader("!")))
		refused(t, err, jurat.Invalid, "more bytes")
		// A checksum covers all that came with it.
		wrong := sha256.Sum256([]byte("other"))
		_, err = goOn(t, r, evidence, u, 1000, desk.Sums{Algorithm: "sha256", Sum: wrong[:]}, bytes.NewReader(data[1000:5000]))
		refused(t, err, jurat.Invalid, "checksum")
		if !errors.Is(err, desk.ErrChecksum) || blobs(t, r) != 1 {
			t.Fatalf("%v; %d blobs", err, blobs(t, r))
		}
		must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
			kept, err := tx.Parts(u.ID)
			if len(kept) != 1 || kept[0].Digest != jurat.DigestOf(data[:1000]) {
				t.Errorf("the first part may be the whole file: %+v", kept)
			}
			return err
		}))
		right := sha1.Sum(data[1000:5000]) //nolint:gosec // as upload.go
		u2, err = goOn(t, r, evidence, u, 1000, desk.Sums{Algorithm: "sha1", Sum: right[:]}, bytes.NewReader(data[1000:5000]))
		must(t, err)
		must(t, r.Register.Read(t.Context(), func(tx *register.Tx) error {
			kept, err := tx.Parts(u.ID)
			if len(kept) != 2 || !kept[1].Digest.IsZero() {
				t.Errorf("a later part was hashed: %+v", kept)
			}
			return err
		}))
		_, err = goOn(t, r, evidence, u, 5000, desk.Sums{Algorithm: "crc32"}, nil)
		refused(t, err, jurat.Invalid, "crc32")
		u2, err = goOn(t, r, evidence, u, int(u2.Offset), desk.Sums{Whole: jurat.DigestOf(data)}, bytes.NewReader(data[5000:]))
		must(t, err)
		x := u2.Received.Exhibit
		if x.Digest != jurat.DigestOf(data) || x.Size != int64(len(data)) || x.Media != "video/mp4" || x.ReceivedFrom != "driver-a" || x.ReceivedBy != "evidence-7" || u2.Received.Duplicate {
			t.Errorf("the exhibit: %+v", x)
		}
		// Nobody waits for its parts to be erased; whoever does it is told.
		noted(t, intact(t, r), "3 parts of files that are on their way or have just come")
		<-r.Spent()
		broken, _ := r.Over(t, vaulttest.Break(r.Store, vaulttest.Fault{Op: vaulttest.OpRemove, N: 2}))
		refused(t, broken.SweepUploads(t.Context(), desktest.Noon), jurat.Unavailable, "")
		noted(t, intact(t, r), "1 part of files that are on their way or have just come")
		must(t, r.SweepUploads(t.Context(), desktest.Noon))
		if notes := strings.Join(intact(t, r), "; "); strings.Contains(notes, "part") {
			t.Errorf("swept: %s", notes)
		}
		whole(t, r, in)
		// Who did not hear it asks again, and hears the same.
		again, err := r.ShowUpload(t.Context(), evidence, desktest.Noon, in, u.ID)
		if err != nil || again.Received == nil || again.Received.Exhibit.ID != x.ID || again.Offset != again.Length {
			t.Errorf("asked again: %+v, %v", again, err)
		}
		_, err = goOn(t, r, evidence, u, 0, desk.Sums{}, bytes.NewReader(data))
		refused(t, err, jurat.Conflict, "goes on at")
		// The same bytes once more are no second exhibit, in one part or in many.
		v := begin(t, r, evidence, in, len(data))
		v, err = goOn(t, r, evidence, v, 0, desk.Sums{}, bytes.NewReader(data))
		if err != nil || !v.Received.Duplicate || v.Received.Exhibit.ID != x.ID {
			t.Errorf("the same bytes: %+v, %v", v, err)
		}
		must(t, r.SweepUploads(t.Context(), desktest.Noon))
		whole(t, r, in)
		intact(t, r)
	})
}

func TestAnEmptyFileIsAnExhibitToo(t *testing.T) {
	r := desktest.City(t)
	in := r.Opened(t)
	u := begin(t, r, r.As("evidence-7"), in, 0)
	if u.Received == nil || u.Received.Exhibit.Size != 0 {
		t.Fatalf("%+v", u)
	}
	whole(t, r, in)
}

func TestAnUploadIsItsPersonsOwn(t *testing.T) {
	r := desktest.City(t)
	in, other := r.Opened(t), r.Opened(t)
	u := begin(t, r, r.As("evidence-7"), in, 5)
	for name, try := range map[string]func() error{
		"another person goes on": func() error {
			_, err := goOn(t, r, r.As("officer-4472"), u, 0, desk.Sums{}, strings.NewReader("x"))
			return err
		},
		"another person asks": func() error {
			_, err := r.ShowUpload(t.Context(), r.As("officer-4472"), desktest.Noon, in, u.ID)
			return err
		},
		"another person ends it": func() error { return r.EndUpload(t.Context(), r.As("officer-4472"), desktest.Noon, in, u.ID) },
		"under another incident": func() error {
			_, err := r.ShowUpload(t.Context(), r.As("evidence-7"), desktest.Noon, other, u.ID)
			return err
		},
		"ended under another": func() error { return r.EndUpload(t.Context(), r.As("evidence-7"), desktest.Noon, other, u.ID) },
		"one that never was": func() error {
			_, err := r.ShowUpload(t.Context(), r.As("evidence-7"), desktest.Noon, in, "x")
			return err
		},
		"one that is out of time": func() error {
			_, err := r.ShowUpload(t.Context(), r.As("evidence-7"), at(desk.UploadLasts), in, u.ID)
			return err
		},
		"by the operator, nobody's": func() error { _, err := r.ShowUpload(t.Context(), desk.Caller{}, desktest.Noon, in, u.ID); return err },
	} {
		t.Run(name, func(t *testing.T) { refused(t, try(), jurat.NotFound, "no such upload") })
	}
	_, err := goOn(t, r, r.As("evidence-7"), u, 0, desk.Sums{}, strings.NewReader("x"))
	must(t, err)
	must(t, r.EndUpload(t.Context(), r.As("evidence-7"), desktest.Noon, in, u.ID))
	whole(t, r, in)
	// Who may not receive any more does not go on.
	u = begin(t, r, r.As("officer-4472"), in, 5)
	_, err = r.RetirePerson(t.Context(), r.As("administrator-1"), desktest.Noon, "officer-4472", "left")
	must(t, err)
	if _, err := goOn(t, r, r.As("officer-4472"), u, 0, desk.Sums{}, strings.NewReader("hello")); err == nil {
		t.Error("somebody who left sent a file")
	}
	whole(t, r, in)
}

// What its sender has and what arrived differ: it is kept apart, and filed by
// no way of asking, until it expires and is swept.
func TestAnUploadThatDiffersIsNotFiled(t *testing.T) {
	engines(t, func(t *testing.T, engine desktest.Engine) {
		r := desktest.CityOn(t, engine)
		in := r.Opened(t)
		evidence := r.As("evidence-7")
		u := begin(t, r, evidence, in, 5)
		_, err := goOn(t, r, evidence, u, 0, desk.Sums{Whole: jurat.DigestOf([]byte("hullo"))}, strings.NewReader("hello"))
		for range 2 {
			if !errors.Is(err, desk.ErrDiffers) {
				t.Fatalf("%v", err)
			}
			_, err = r.ShowUpload(t.Context(), evidence, desktest.Noon, in, u.ID)
		}
		if blobs(t, r) != 1 {
			t.Errorf("%d blobs", blobs(t, r))
		}
		must(t, r.SweepUploads(t.Context(), at(desk.UploadLasts)))
		if blobs(t, r) != 1 {
			t.Error("swept too early")
		}
		must(t, r.SweepUploads(t.Context(), at(desk.UploadLasts+time.Second)))
		whole(t, r, in)
		intact(t, r)
	})
}
