package desk

import (
	"cmp"
	"context"
	"errors"
	"os"
	"time"

	"filippo.io/age"

	"jurat"
	"jurat/format"
	"jurat/internal/dossier"
	"jurat/internal/register"
	"jurat/internal/vault"
)

// A Taking is a dossier that arrived. Previous is the path of the dossier
// before it, for a supplement; Identity opens an .age file. Recall has the
// dossier before it looked for among those taken in here. Name is what it is
// called in sentences, or else its path.
type Taking struct {
	Path     string
	Name     string
	Identity []age.Identity
	Previous string
	Recall   bool
	Progress func(n int)
}

// Trust is the keys of every office pinned on this record, as one trust file.
func (d *Desk) Trust(ctx context.Context, c Caller, at time.Time) (format.Trust, error) {
	offices, err := d.Offices(ctx, c, at)
	if err != nil {
		return format.Trust{}, err
	}
	return pinned(offices)
}

// pinned merges what is pinned of offices.
func pinned(offices []jurat.Office) (format.Trust, error) {
	var all []format.Trust
	for _, o := range offices {
		if len(o.Trust) == 0 {
			continue
		}
		t, err := format.ParseTrust(o.Trust)
		if err != nil {
			return format.Trust{}, err
		}
		all = append(all, t)
	}
	return format.MergeTrust(all...)
}

// TakeDossier checks a dossier against pinned trust, keeps its bytes as an
// exhibit of an incident of this record, and records what the check answered.
// The first dossier of a referral opens an incident; a supplement joins it.
// An altered dossier is kept too, with that answer. Conflict: no trust is
// pinned, or too little could be read to say what it is.
func (d *Desk) TakeDossier(ctx context.Context, c Caller, at time.Time, t Taking) (jurat.Dossier, dossier.Report, error) {
	at = jurat.At(at)
	// Who may not take a dossier in has no bytes kept, and none checked.
	if err := d.mayTake(ctx, c, at); err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	trust, err := d.Trust(ctx, c, at)
	if err != nil {
		return jurat.Dossier{}, dossier.Report{}, err
	}
	if len(trust.Offices) == 0 {
		return jurat.Dossier{}, dossier.Report{}, jurat.Errorf(jurat.Conflict, "no office's keys are pinned here; obtain the sender's trust file by another way than the dossier, then: jurat office trust FILE")
	}
	report, err := d.checked(ctx, at, t, trust)
	if err != nil {
		return jurat.Dossier{}, report, err
	}
	if report.Contents == nil {
		return jurat.Dossier{}, report, jurat.Errorf(jurat.Unavailable, "too little of %s can be read to take it in (%s); ask the sender for it again", cmp.Or(t.Name, t.Path), firstFinding(report))
	}
	blob, err := d.keep(ctx, t)
	if err != nil {
		return jurat.Dossier{}, report, err
	}
	taken, err := d.recordTaking(ctx, c, at, report, blob)
	if err != nil {
		return jurat.Dossier{}, report, errors.Join(err, d.drop(ctx, err, blob.ID))
	}
	return taken, report, nil
}

func firstFinding(r dossier.Report) string {
	if len(r.Findings) == 0 {
		return "nothing was found"
	}
	return r.Findings[0].What
}

// keep puts the dossier's own bytes, as they arrived, in the vault.
func (d *Desk) keep(ctx context.Context, t Taking) (vault.Blob, error) {
	f, err := os.Open(t.Path)
	if err != nil {
		return vault.Blob{}, jurat.Because(jurat.Unavailable, err, "read %s", t.Path)
	}
	defer f.Close()
	return d.vault.ReceiveFile(ctx, f, nil)
}

func (d *Desk) recordTaking(ctx context.Context, c Caller, at time.Time, report dossier.Report, blob vault.Blob) (jurat.Dossier, error) {
	from, known := report.Contents, false
	var taken jurat.Dossier
	err := d.write(ctx, at, func(tx *register.Tx) error {
		in, err := d.incidentOf(tx, from)
		if err != nil {
			return err
		}
		if in == "" {
			if in, err = d.openFor(tx, c, at, from); err != nil {
				return err
			}
		}
		kept, err := d.putOnce(tx, c, at, in, jurat.Arrival{
			Kind: "dossier", Digest: blob.Digest, Size: blob.Size, Media: mediaOf[from.Transport], ReceivedFrom: from.Referral.Dossier.Sender.Name,
		}, blob)
		if err != nil {
			return err
		}
		known = kept.Duplicate // its bytes are here: taken in again, with keys pinned since
		if err := takenBefore(tx, in, from, report.Answer); err != nil {
			return err
		}
		_, err = d.perform(tx, c, at, errand{act: jurat.DossierReceived, incident: in, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
			id, err := tx.NextItem(in, jurat.NounDossier)
			if err != nil {
				return jurat.Event{}, err
			}
			var ev jurat.Event
			taken, ev, err = jurat.ReceiveDossier(jurat.Dossier{
				ID: id, Referral: string(from.Referral.Dossier.Referral), Origin: from.Origin, Number: from.Referral.Dossier.Number,
				Predecessor: from.Referral.Dossier.Predecessor, TagManifest: from.TagManifest, SealHash: from.SealHash, Trust: from.Trust, Transport: from.Transport,
				Exhibit: kept.Exhibit.ID, Answer: report.Answer, NotChecked: report.NotChecked,
			}, h.Hand, at)
			return ev, err
		}})
		return err
	})
	if err == nil && known {
		d.vault.Remove(context.WithoutCancel(ctx), blob.ID) //nolint:errcheck // what stays is litter, which a sweep removes
	}
	return taken, err
}

// mediaOf is the media type of a dossier's own bytes, by how it came.
var mediaOf = map[string]string{"age": "application/octet-stream", "plain": "application/zip"}

// takenBefore refuses a dossier that came before, in this wrapping or another,
// with the same answer: another answer is another fact to keep.
func takenBefore(tx *register.Tx, in jurat.IncidentNumber, from *dossier.Contents, answer string) error {
	all, err := loadAll[jurat.Dossier](tx, in, jurat.NounDossier)
	if err != nil {
		return err
	}
	for _, x := range all {
		if x.TagManifest == from.TagManifest && x.Answer == answer {
			return jurat.Errorf(jurat.Conflict, "this dossier was taken in before, as %s of incident %s", x.ID, in)
		}
	}
	return nil
}

// incidentOf finds the incident here that holds an earlier dossier of the same
// referral, from the sender's log or one that it continues; zero when there is
// none.
func (d *Desk) incidentOf(tx *register.Tx, from *dossier.Contents) (jurat.IncidentNumber, error) {
	for _, origin := range append([]string{from.Origin}, from.Ended...) {
		if known, err := tx.Meta(referralKey(origin, from.Referral.Dossier.Referral)); err != nil || known != "" {
			return jurat.IncidentNumber(known), err
		}
	}
	return "", nil
}

func referralKey(origin string, referral jurat.ItemID) string {
	return "referral " + origin + " " + string(referral)
}

func (d *Desk) openFor(tx *register.Tx, c Caller, at time.Time, from *dossier.Contents) (jurat.IncidentNumber, error) {
	var number jurat.IncidentNumber
	_, err := d.perform(tx, c, at, errand{act: jurat.IncidentOpened, do: func(tx *register.Tx, h hand) (jurat.Event, error) {
		var err error
		if number, err = tx.NextIncident(at.Year()); err != nil {
			return jurat.Event{}, err
		}
		o := jurat.Opening{
			Title: "Referral " + string(from.Referral.Dossier.Referral) + " from " + from.Referral.Dossier.Sender.Name, Trigger: "other_agency", FirstKnowledge: at,
		}
		bare := o
		o.Occurred, o.Place = from.Referral.Incident.Value.Occurred, from.Referral.Incident.Value.Place
		_, ev, err := jurat.OpenIncident(number, o, h.Hand, at)
		if errors.Is(err, jurat.Invalid) {
			// What the dossier says of when and where cannot be so, here and now;
			// it is kept in the dossier, and stands in the way of nothing.
			_, ev, err = jurat.OpenIncident(number, bare, h.Hand, at)
		}
		return ev, err
	}})
	if err != nil {
		return "", err
	}
	return number, tx.SetMeta(referralKey(from.Origin, from.Referral.Dossier.Referral), string(number))
}
