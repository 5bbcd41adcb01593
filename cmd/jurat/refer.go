package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/dossier"
)

type referVerb struct {
	Prepare    referPrepare  `cmd:"" help:"Begin a referral. Signed."`
	Notify     referNotify   `cmd:"" help:"Record an early notice to the receiving office."`
	Attest     referAttest   `cmd:"" help:"State the contacts with political offices, or that there were none. Signed."`
	Approve    referApprove  `cmd:"" help:"The second sworn person's decision. Signed."`
	Send       referSend     `cmd:"" help:"Seal a dossier and record that it was sent. Signed."`
	Supplement referSend     `cmd:"" help:"Seal and send a further dossier, with what is new. Signed."`
	Decide     referDecide   `cmd:"" help:"The receiving office's answer to a dossier it took in. Signed."`
	Import     referImport   `cmd:"" help:"Take in the receiving office's answer."`
	Withdraw   referWithdraw `cmd:"" help:"Take back a referral that was not sent."`
}

func (c *call) referralLine(r jurat.Referral, done desk.Done) error {
	return c.either(map[string]any{"incident": r.Incident, "referral": r.ID, "to": r.To, "state": r.State, "event": done.Event}, "%s to %s: %s", r.ID, r.To, r.State)
}

type referPrepare struct {
	Incident   string   `required:"" short:"i" placeholder:"N" help:"The incident."`
	To         string   `required:"" placeholder:"OFFICE" help:"The prosecutor's office it goes to."`
	Allegation []string `required:"" placeholder:"ALLEGATION" help:"An allegation; may be given more than once."`
	Scope      string   `required:"" placeholder:"SCOPE" help:"How it stands to the receiver's protocol: ${scopes}."`
	Reason     string   `required:"" placeholder:"WORDS" help:"The reason for the decision to refer."`
}

func (referPrepare) Help() string {
	return "Example: jurat refer prepare --incident 2026-000001 --to county-prosecutor --allegation 2026-000001-A1 --scope force --reason \"elements supported by two recordings\" --sign detective-2208.key"
}

func (v *referPrepare) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	r := desk.Referring{To: jurat.OfficeID(v.To), Scope: v.Scope, Reason: v.Reason}
	for _, a := range v.Allegation {
		r.Allegations = append(r.Allegations, jurat.ItemID(a))
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		ref, done, err := h.desk.PrepareReferral(ctx, who, c.now(), in, r)
		if err != nil {
			return err
		}
		return c.referralLine(ref, done)
	})
}

type referNotify struct {
	Referral string `arg:"" help:"The referral."`
	How      string `required:"" placeholder:"WORDS" help:"How, and whom you told."`
}

func (referNotify) Help() string {
	return "Example: jurat refer notify 2026-000001-K1 --how \"telephone, felony review desk\" --as detective-2208"
}

func (v *referNotify) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.NotifyReferral(ctx, who, c.now(), jurat.ItemID(v.Referral), v.How)
		if err != nil {
			return err
		}
		return c.referralLine(r, done)
	})
}

type referAttest struct {
	Referral string `arg:"" help:"The referral."`
	None     bool   `help:"Attest that there was no contact with a political office. Without it the recorded contacts are attested."`
}

func (referAttest) Help() string {
	return "Example: jurat refer attest 2026-000001-K1 --none --sign detective-2208.key\n\nWithout an attestation a referral cannot be approved (REF-1)."
}

func (v *referAttest) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.AttestReferral(ctx, who, c.now(), jurat.ItemID(v.Referral), v.None)
		if err != nil {
			return err
		}
		return c.referralLine(r, done)
	})
}

type referApprove struct {
	Referral string `arg:"" help:"The referral."`
}

func (referApprove) Help() string {
	return "Example: jurat refer approve 2026-000001-K1 --sign supervisor-1102.key\n\nWhoever initiated it cannot approve it."
}

func (v *referApprove) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.ApproveReferral(ctx, who, c.now(), jurat.ItemID(v.Referral))
		if err != nil {
			return err
		}
		return c.referralLine(r, done)
	})
}

type referSend struct {
	Referral string `arg:"" help:"The referral."`
	Out      string `required:"" placeholder:"FILE" help:"The ZIP to write; FILE.age beside it is what goes out."`
	Plain    string `placeholder:"REASON" help:"Send without encryption, for this reason, which goes on the record."`
}

func (referSend) Help() string {
	return "Example: jurat refer send 2026-000001-K1 --out dossier.zip --sign detective-2208.key\n\nWrites dossier.zip and dossier.zip.age; the second, encrypted to the receiving office, is what to hand over."
}

func (v *referSend) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		summary, done, err := sendTo(ctx, h, who, c, jurat.ItemID(v.Referral), v.Out, v.Plain)
		if err != nil {
			return err
		}
		out := v.Out
		if v.Plain == "" {
			out += ".age"
		}
		return c.either(map[string]any{"referral": v.Referral, "file": out, "tag_manifest": summary.TagManifest, "number": summary.Seal.Number, "event": done.Event},
			"sealed dossier %d of %s with %d files; hand over %s\nits tag manifest is %s", summary.Seal.Number, v.Referral, summary.Files, out, summary.TagManifest)
	})
}

// sendTo makes the files of a dossier and has the desk fill and record them.
// When it fails neither file stays.
func sendTo(ctx context.Context, h *house, who desk.Caller, c *call, id jurat.ItemID, path, plain string) (summary dossier.Summary, done desk.Done, err error) {
	var made []string
	open := func(name string) (*os.File, error) {
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, jurat.Because(jurat.Unavailable, err, "make %s", name)
		}
		made = append(made, name)
		return f, nil
	}
	defer func() {
		if err != nil {
			for _, name := range made {
				err = errors.Join(err, os.Remove(name))
			}
		}
	}()
	s := desk.Sending{PlainReason: plain}
	if draw := c.progress("sealed", 0); draw != nil {
		total := int64(0)
		s.Progress = func(n int) { total += int64(n); draw(total) }
	}
	if s.Out, err = open(path); err != nil {
		return summary, done, err
	}
	defer s.Out.Close()
	if plain == "" {
		if s.Encrypted, err = open(path + ".age"); err != nil {
			return summary, done, err
		}
		defer s.Encrypted.Close()
	}
	return h.desk.SendReferral(ctx, who, c.now(), id, s)
}

type referDecide struct {
	Dossier string `arg:"" help:"The dossier, by its number in this record."`
	State   string `arg:"" help:"The answer: ${answers}."`
	Reason  string `placeholder:"WORDS" help:"The written reason."`
	Out     string `default:"decision.json" placeholder:"FILE" help:"The file to write."`
}

func (referDecide) Help() string {
	return "Example: jurat refer decide 2026-000001-D1 under_review --out decision.json --sign prosecutor-12.key"
}

func (v *referDecide) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		text, done, err := h.desk.Decide(ctx, who, c.now(), jurat.ItemID(v.Dossier), jurat.ReferralState(v.State), v.Reason)
		if err != nil {
			return err
		}
		if err := writeLetter(v.Out, text); err != nil {
			return err
		}
		return c.either(map[string]any{"dossier": v.Dossier, "state": v.State, "file": v.Out, "event": done.Event}, "decided %s: %s; the signed answer is %s", v.Dossier, v.State, v.Out)
	})
}

type referImport struct {
	File     string `arg:"" optional:"" help:"The signed decision, decision.json."`
	Referral string `placeholder:"REFERRAL" help:"For an answer that came without a signature: the referral …"`
	State    string `placeholder:"STATE" help:"… the answer …"`
	Reason   string `placeholder:"WORDS" help:"… its reason …"`
	At       string `placeholder:"TIME" help:"… and when it was given. It is recorded as reported by the sender."`
}

func (referImport) Help() string {
	return "Examples:\n  jurat refer import decision.json --as detective-2208\n  jurat refer import --referral 2026-000001-K1 --state returned_unprocessed --reason \"as written in the letter\" --as detective-2208"
}

func (v *referImport) Run(ctx context.Context, c *call) error {
	if (v.File == "") == (v.Referral == "") {
		return jurat.Errorf(jurat.Invalid, "give a signed decision file, or --referral and --state for one that came without a signature")
	}
	when, err := moment(v.At)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		if v.File == "" {
			r, done, err := h.desk.ReportAnswer(ctx, who, c.now(), jurat.ItemID(v.Referral), jurat.ReceivedWord{State: jurat.ReferralState(v.State), Reason: v.Reason, At: when})
			if err != nil {
				return err
			}
			return c.referralLine(r, done)
		}
		text, err := c.text(v.File)
		if err != nil {
			return err
		}
		r, done, err := h.desk.ImportDecision(ctx, who, c.now(), string(text))
		if err != nil {
			return err
		}
		return c.referralLine(r, done)
	})
}

type referWithdraw struct {
	Referral string `arg:"" help:"The referral."`
	Reason   string `required:"" placeholder:"WORDS" help:"Why."`
}

func (referWithdraw) Help() string {
	return "Example: jurat refer withdraw 2026-000001-K1 --reason \"an element is contradicted by the second recording\" --as supervisor-1102"
}

func (v *referWithdraw) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		r, done, err := h.desk.WithdrawReferral(ctx, who, c.now(), jurat.ItemID(v.Referral), v.Reason)
		if err != nil {
			return err
		}
		return c.referralLine(r, done)
	})
}

// writeLetter writes a signed letter to a file that does not exist yet.
func writeLetter(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "write %s", path)
	}
	_, err = fmt.Fprintln(f, text)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
