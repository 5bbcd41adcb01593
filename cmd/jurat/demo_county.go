package main

import (
	"fmt"
	"os"

	"filippo.io/age"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/dossier"
)

func (p *play) referring() error {
	d := p.city.desk
	r, _, err := d.PrepareReferral(p.ctx, p.as("detective-2208"), p.now(), p.incident, desk.Referring{
		To: "county-prosecutor", Allegations: []jurat.ItemID{p.item("A1")}, Scope: "force", Reason: "each element has evidence on both sides stated; a prosecutor decides",
	})
	if err != nil {
		return err
	}
	p.referral = r.ID
	if _, _, err := d.NotifyReferral(p.ctx, p.as("detective-2208"), p.now(), r.ID, "telephone, the county's review desk"); err != nil {
		return err
	}
	if _, _, err := d.AttestReferral(p.ctx, p.as("detective-2208"), p.now(), r.ID, true); err != nil {
		return err
	}
	p.act("Detective 2208 prepares the referral, gives the prosecutor early notice, and attests under signature: no contact with a political office.")
	if _, _, err := d.ApproveReferral(p.ctx, p.as("supervisor-1102"), p.now(), r.ID); err != nil {
		return err
	}
	p.act("Supervisor 1102, a second sworn person, approves it under signature.")
	return nil
}

func (p *play) handOver() error {
	summary, _, err := p.send("dossier.zip")
	if err != nil {
		return err
	}
	p.act("The dossier is sealed (%d files) and encrypted to the county: dossier.zip.age. Its seal is an event of the ledger.", summary.Files)
	return nil
}

// send seals what is new of the referral into a dossier.
func (p *play) send(name string) (dossier.Summary, desk.Done, error) {
	return p.call.send(p.ctx, visit{p.city, p.as("detective-2208"), p.now}, &sending{Referral: p.referral, Out: p.path(name)}, "")
}

// letter writes a signed letter to a file of the demonstration.
func (p *play) letter(name, text string) error {
	f, err := create(p.path(name), 0o644)
	if err != nil {
		return err
	}
	defer f.leave()
	return f.write([]byte(text + "\n"))
}

func (p *play) countyTakes() error {
	d, report, err := p.county.desk.TakeDossier(p.ctx, p.as("prosecutor-12"), p.now(), desk.Taking{Path: p.path("dossier.zip.age"), Identity: []age.Identity{p.county.keys.age}})
	if err != nil {
		return err
	}
	if report.Answer != dossier.Intact {
		return fmt.Errorf("the county's check answers %s: %v", report.Answer, report.Findings)
	}
	p.taken = d
	p.act("The county opens it with its own key, checks it offline against the keys it pinned, and takes it in as %s: %s.", d.ID, report.Answer)
	receipt, _, err := p.county.desk.SignReceipt(p.ctx, p.as("prosecutor-12"), p.now(), d.ID)
	if err != nil {
		return err
	}
	if err := p.letter("receipt.json", receipt); err != nil {
		return err
	}
	if _, _, err := p.city.desk.ImportReceipt(p.ctx, p.as("detective-2208"), p.now(), receipt); err != nil {
		return err
	}
	p.act("The county signs a receipt (receipt.json): these bytes arrived and were checked thus. The city puts it on the record.")
	return nil
}

// supplement follows when something new arrives.
func (p *play) supplement() error {
	folder, err := os.MkdirTemp("", "jurat-media-")
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "lay the media out")
	}
	defer os.RemoveAll(folder)
	if err := p.receive(folder, "private_video", "bwc-2.mp4"); err != nil {
		return err
	}
	v, err := p.city.desk.Show(p.ctx, p.as("detective-2208"), p.now(), p.incident)
	if err != nil {
		return err
	}
	owed := false
	for _, duty := range v.Duties {
		owed = owed || duty.ID == "supplement-referral" && duty.Open()
	}
	if !owed {
		return fmt.Errorf("new evidence raised no duty to supplement the referral")
	}
	p.act("A resident's video arrives after the referral, which makes a supplement owed.")
	if _, _, err := p.send("dossier-2.zip"); err != nil {
		return err
	}
	trust, err := os.ReadFile(p.path("trust.json"))
	if err != nil {
		return err
	}
	alone := dossier.Verify(p.ctx, p.path("dossier-2.zip"), dossier.Options{Trust: trust})
	pair := dossier.Verify(p.ctx, p.path("dossier-2.zip"), dossier.Options{Trust: trust, Previous: p.path("dossier.zip")})
	if alone.Answer != dossier.Unsure || pair.Answer != dossier.Intact {
		return fmt.Errorf("the supplement answers %s alone and %s with the dossier before it: %v", alone.Answer, pair.Answer, pair.Findings)
	}
	if p.taken, _, err = p.county.desk.TakeDossier(p.ctx, p.as("prosecutor-12"), p.now(), desk.Taking{
		Path: p.path("dossier-2.zip.age"), Identity: []age.Identity{p.county.keys.age}, Previous: p.path("dossier.zip"),
	}); err != nil {
		return err
	}
	p.act("The supplement carries the whole chain again and only the new item: alone it is \"%s\", with the dossier before it \"%s\". The county takes it in.", alone.Answer, pair.Answer)
	return nil
}

func (p *play) decision() error {
	answer, _, err := p.county.desk.Decide(p.ctx, p.as("prosecutor-12"), p.now(), p.taken.ID, jurat.ReferralReview, "assigned for review; no view is taken of the allegation")
	if err != nil {
		return err
	}
	if err := p.letter("decision.json", answer); err != nil {
		return err
	}
	r, _, err := p.city.desk.ImportDecision(p.ctx, p.as("detective-2208"), p.now(), answer)
	if err != nil {
		return err
	}
	p.act("The prosecutor's answer comes back as data, signed: %s. What it means is the prosecutor's to say.", r.State)
	return nil
}
