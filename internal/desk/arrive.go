package desk

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
	"jurat/internal/register"
)

// workPrefix begins the name of every file the desk works on; workOld is how
// old one is that a killed program left.
const (
	workPrefix = "arriving-"
	workOld    = 24 * time.Hour
)

// workFile is a new, empty file in the record's work folder, for nobody else to
// read. leave closes and removes it. What a killed program left there a day ago
// goes first.
func (d *Desk) workFile(at time.Time) (f *os.File, leave func(), err error) {
	if d.work == "" {
		return nil, nil, jurat.Errorf(jurat.Unavailable, "this record has no folder for files that are worked on")
	}
	if err := os.MkdirAll(d.work, 0o700); err != nil {
		return nil, nil, jurat.Because(jurat.Unavailable, err, "make the work folder")
	}
	if old, err := os.ReadDir(d.work); err == nil {
		for _, e := range old {
			if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), workPrefix) && at.Sub(info.ModTime()) > workOld {
				os.Remove(filepath.Join(d.work, e.Name())) //nolint:errcheck // tried again next time
			}
		}
	}
	if f, err = os.CreateTemp(d.work, workPrefix+"*"); err != nil { // for its owner alone
		return nil, nil, jurat.Because(jurat.Unavailable, err, "keep a file while it is worked on")
	}
	return f, func() {
		f.Close()           //nolint:errcheck // it is thrown away
		os.Remove(f.Name()) //nolint:errcheck // goes when it is a day old
	}, nil
}

// TakeStream is [Desk.TakeDossier] of bytes as they come, such as from a
// browser: kept in the work folder as they are while they are checked, opened
// with this record's own age identity. A supplement is checked with the dossier
// before it, where that was taken in here; where it was not, the answer is that
// nobody could tell. name is what the person calls it. Conflict: there is no
// room for it.
func (d *Desk) TakeStream(ctx context.Context, c Caller, at time.Time, name string, body io.Reader) (jurat.Dossier, dossier.Report, error) {
	// Who may not take a dossier in has no byte read.
	if err := d.mayTake(ctx, c, at); err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	room, err := d.Room()
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	f, leave, err := d.workFile(at)
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	defer leave()
	n, err := io.Copy(f, io.LimitReader(body, room+1))
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, jurat.Because(jurat.Unavailable, err, "%s did not arrive whole (%d bytes came); send it again", name, n)
	}
	if n > room {
		return jurat.Dossier{}, dossier.Report{}, jurat.Errorf(jurat.Conflict, "there is no room for %s: %d bytes can be taken at once, and nothing of it was kept; have room made on the disk, then send it again", name, room)
	}
	if n == 0 {
		return jurat.Dossier{}, dossier.Report{}, jurat.Errorf(jurat.Invalid, "no file was chosen, or it is empty")
	}
	return d.TakeDossier(ctx, c, at, Taking{Path: f.Name(), Name: name, Identity: d.age, Recall: true})
}

// mayTake asks whether the caller takes dossiers in.
func (d *Desk) mayTake(ctx context.Context, c Caller, at time.Time) error {
	return d.read(ctx, c, at, jurat.DossierReceived, "", func(*register.Tx, hand) error { return nil })
}

// recall lays out the dossier before a supplement, as it was taken in here. The
// path is empty when it was not.
func (d *Desk) recall(ctx context.Context, at time.Time, from *dossier.Contents) (path string, leave func(), err error) {
	leave = func() {}
	var blob register.BlobRow
	err = d.register.Read(ctx, func(tx *register.Tx) error {
		in, err := d.incidentOf(tx, from)
		if err != nil || in == "" {
			return err
		}
		all, err := loadAll[jurat.Dossier](tx, in, jurat.NounDossier)
		if err != nil {
			return err
		}
		for _, x := range all {
			if x.Exhibit == "" || x.TagManifest != from.Referral.Dossier.Predecessor {
				continue
			}
			if blob, err = tx.Blob(x.Exhibit); errors.Is(err, jurat.NotFound) {
				err = nil // disposed of
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || blob.ID == "" {
		return "", leave, err
	}
	return d.layOut(ctx, at, blob)
}

// layOut copies what the vault holds to a work file, as it was received.
func (d *Desk) layOut(ctx context.Context, at time.Time, blob register.BlobRow) (path string, leave func(), err error) {
	f, leave, err := d.workFile(at)
	if err != nil {
		return "", func() {}, err
	}
	r, err := d.vault.Open(ctx, blobOf(blob))
	if err == nil {
		_, err = io.Copy(f, r)
		err = errors.Join(err, r.Close())
	}
	if err != nil {
		leave()
		return "", func() {}, err
	}
	return f.Name(), leave, nil
}

// ReadDossier checks a dossier that was taken in once more, out of the vault,
// with the keys pinned now, and gives what it says. What was answered when it
// was taken in stands, whatever is answered now. Conflict: it was sealed here.
func (d *Desk) ReadDossier(ctx context.Context, c Caller, at time.Time, id jurat.ItemID) (jurat.Dossier, dossier.Report, error) {
	item := jurat.Item{Noun: jurat.NounDossier, ID: id}
	if _, err := jurat.ParseItemID(jurat.NounDossier, string(id)); err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	var x jurat.Dossier
	var blob register.BlobRow
	var trust format.Trust
	err := d.open(ctx, c, at, item, func(tx *register.Tx, h hand) error {
		var err error
		if x, err = load[jurat.Dossier](tx, item); err != nil {
			return err
		}
		if x.Exhibit == "" {
			return jurat.Errorf(jurat.Conflict, "dossier %s was sealed here; what it says is this record", id)
		}
		offices, err := loadAll[jurat.Office](tx, register.House, jurat.NounOffice)
		if err != nil {
			return err
		}
		if trust, err = pinned(offices); err != nil {
			return err
		}
		blob, err = tx.Blob(x.Exhibit)
		return err
	})
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	path, leave, err := d.layOut(ctx, at, blob)
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	defer leave()
	report, err := d.checked(ctx, at, Taking{Path: path, Identity: d.age, Recall: true}, trust)
	return x, report, err
}

// checked checks a dossier, and a supplement together with the dossier before
// it where that is at hand.
func (d *Desk) checked(ctx context.Context, at time.Time, t Taking, trust format.Trust) (dossier.Report, error) {
	raw, err := trust.Marshal()
	if err != nil {
		return dossier.Report{}, err
	}
	with := dossier.Options{Trust: raw, Previous: t.Previous, Identity: t.Identity, Progress: t.Progress}
	report := dossier.Verify(ctx, t.Path, with)
	if !t.Recall || t.Previous != "" || report.Contents == nil || report.Contents.Referral.Dossier.Number == 0 {
		return report, nil
	}
	previous, leave, err := d.recall(ctx, at, report.Contents)
	if err != nil || previous == "" {
		return report, err
	}
	defer leave()
	with.Previous = previous
	return dossier.Verify(ctx, t.Path, with), nil
}
