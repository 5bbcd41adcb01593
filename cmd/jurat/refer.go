package main

import (
	"context"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/desk"
)

type referVerb struct {
	Prepare    referPrepare    `cmd:"" help:"Begin a referral. Signed."`
	Notify     referNotify     `cmd:"" help:"Record an early notice to the receiving office."`
	Attest     referAttest     `cmd:"" help:"State the contacts with political offices, or that there were none. Signed."`
	Approve    referApprove    `cmd:"" help:"The second sworn person's decision. Signed."`
	Send       referSend       `cmd:"" help:"Seal a dossier and record that it was sent. Signed."`
	Supplement referSupplement `cmd:"" help:"Seal and send a further dossier, with what is new. Signed."`
	Decide     referDecide     `cmd:"" help:"The receiving office's answer to a dossier it took in. Signed."`
	Import     referImport     `cmd:"" help:"Take in the receiving office's answer."`
	Withdraw   referWithdraw   `cmd:"" help:"Take back a referral that was not sent."`
}

// referral does one act on a referral.
func (c *call) referral(ctx context.Context, do func(visit) (jurat.Referral, desk.Done, error)) error {
	return act(ctx, c, func(r jurat.Referral, done desk.Done) error {
		return c.either(map[string]any{"incident": r.Incident, "referral": r.ID, "to": r.To, "state": r.State, "event": done.Event}, "%s to %s: %s", r.ID, r.To, r.State)
	}, do)
}

type referPrepare struct {
	Incident   jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	To         jurat.OfficeID       `required:"" placeholder:"OFFICE" help:"The prosecutor's office it goes to."`
	Allegation []jurat.ItemID       `required:"" placeholder:"ALLEGATION" help:"An allegation; may be given more than once."`
	Scope      string               `required:"" placeholder:"SCOPE" help:"How it stands to the receiver's protocol: ${scopes}."`
	Reason     string               `required:"" placeholder:"WORDS" help:"The reason for the decision to refer."`
}

func (referPrepare) Help() string {
	return "Example:\n  jurat refer prepare --incident 2026-000001 --to county-prosecutor --allegation 2026-000001-A1 --scope force --reason \"elements supported by two recordings\" --sign detective-2208.key"
}

func (v *referPrepare) Run(ctx context.Context, c *call) error {
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.PrepareReferral(ctx, at.who, at.now(), v.Incident, desk.Referring{To: v.To, Allegations: v.Allegation, Scope: v.Scope, Reason: v.Reason})
	})
}

type referNotify struct {
	Referral jurat.ItemID `arg:"" help:"The referral."`
	How      string       `required:"" placeholder:"WORDS" help:"How, and whom you told."`
}

func (referNotify) Help() string {
	return "Example:\n  jurat refer notify 2026-000001-K1 --how \"telephone, felony review desk\" --as detective-2208"
}

func (v *referNotify) Run(ctx context.Context, c *call) error {
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.NotifyReferral(ctx, at.who, at.now(), v.Referral, v.How)
	})
}

type referAttest struct {
	Referral jurat.ItemID `arg:"" help:"The referral."`
	None     bool         `help:"Attest that there was no contact with a political office. Without it the recorded contacts are attested."`
}

func (referAttest) Help() string {
	return "Example:\n  jurat refer attest 2026-000001-K1 --none --sign detective-2208.key\n\nWithout an attestation a referral cannot be approved (REF-1)."
}

func (v *referAttest) Run(ctx context.Context, c *call) error {
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.AttestReferral(ctx, at.who, at.now(), v.Referral, v.None)
	})
}

type referApprove struct {
	Referral jurat.ItemID `arg:"" help:"The referral."`
}

func (referApprove) Help() string {
	return "Example:\n  jurat refer approve 2026-000001-K1 --sign supervisor-1102.key\n\nWhoever initiated it cannot approve it."
}

func (v *referApprove) Run(ctx context.Context, c *call) error {
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.ApproveReferral(ctx, at.who, at.now(), v.Referral)
	})
}

type referDecide struct {
	Dossier jurat.ItemID        `arg:"" help:"The dossier, by its number in this record."`
	State   jurat.ReferralState `arg:"" help:"The answer: ${answers}."`
	Reason  string              `placeholder:"WORDS" help:"The written reason."`
	Out     string              `default:"decision.json" placeholder:"FILE" help:"The file to write."`
}

func (referDecide) Help() string {
	return "Example:\n  jurat refer decide 2026-000001-D1 under_review --out decision.json --sign prosecutor-12.key"
}

func (v *referDecide) Run(ctx context.Context, c *call) error {
	return c.letter(ctx, v.Out, func(done desk.Done) error {
		return c.either(map[string]any{"dossier": v.Dossier, "state": v.State, "file": v.Out, "event": done.Event}, "decided %s: %s; the signed answer is %s", v.Dossier, v.State, v.Out)
	}, func(at visit) (string, desk.Done, error) {
		return at.desk.Decide(ctx, at.who, at.now(), v.Dossier, v.State, v.Reason)
	})
}

type referImport struct {
	File     string              `arg:"" optional:"" help:"The signed decision, decision.json."`
	Referral jurat.ItemID        `placeholder:"REFERRAL" help:"For an answer that came without a signature: the referral …"`
	State    jurat.ReferralState `placeholder:"STATE" help:"… the answer …"`
	Reason   string              `placeholder:"WORDS" help:"… its reason …"`
	At       time.Time           `placeholder:"TIME" help:"… and when it was given. It is recorded as reported by the sender."`
}

func (referImport) Help() string {
	return "Examples:\n  jurat refer import decision.json --as detective-2208\n  jurat refer import --referral 2026-000001-K1 --state returned_unprocessed --reason \"as written in the letter\" --as detective-2208"
}

func (v *referImport) Run(ctx context.Context, c *call) error {
	if (v.File == "") == (v.Referral == "") {
		return jurat.Errorf(jurat.Invalid, "give a signed decision file, or --referral and --state for one that came without a signature")
	}
	if v.File == "" {
		return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
			return at.desk.ReportAnswer(ctx, at.who, at.now(), v.Referral, jurat.ReceivedWord{State: v.State, Reason: v.Reason, At: v.At})
		})
	}
	text, err := c.text(v.File)
	if err != nil {
		return err
	}
	if _, _, err := format.ReadDecision(string(text)); err != nil {
		return jurat.Because(jurat.Invalid, err, "%s is not a signed decision", v.File)
	}
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.ImportDecision(ctx, at.who, at.now(), string(text))
	})
}

type referWithdraw struct {
	Referral jurat.ItemID `arg:"" help:"The referral."`
	Reason   string       `required:"" placeholder:"WORDS" help:"Why."`
}

func (referWithdraw) Help() string {
	return "Example:\n  jurat refer withdraw 2026-000001-K1 --reason \"an element is contradicted by the second recording\" --as supervisor-1102"
}

func (v *referWithdraw) Run(ctx context.Context, c *call) error {
	return c.referral(ctx, func(at visit) (jurat.Referral, desk.Done, error) {
		return at.desk.WithdrawReferral(ctx, at.who, at.now(), v.Referral, v.Reason)
	})
}
