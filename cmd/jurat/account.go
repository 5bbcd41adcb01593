package main

import (
	"context"

	"jurat"
	"jurat/internal/desk"
)

type accountVerb struct {
	Open    accountOpen    `cmd:"" help:"Put a side on the record, asked or not."`
	Ask     accountAsk     `cmd:"" help:"Record that a side was asked."`
	Give    accountGive    `cmd:"" help:"Record what a side stated."`
	Silence accountSilence `cmd:"" name:"no-answer" help:"Record that a side that was asked did not answer."`
	Decline accountDecline `cmd:"" help:"Record that a side said it gives no account."`
	Screen  accountScreen  `cmd:"" help:"Counsel's decision on a compelled statement."`
	Sheet   accountSheet   `cmd:"" help:"Print a reply sheet for a side that is asked."`
}

// account does one act on an account.
func (c *call) account(ctx context.Context, do func(visit) (jurat.Account, desk.Done, error)) error {
	return act(ctx, c, func(a jurat.Account, done desk.Done) error {
		return c.either(map[string]any{"incident": a.Incident, "account": a.ID, "side": a.Side, "state": a.State, "event": done.Event}, "%s, account of the %s: %s", a.ID, a.Side, a.State)
	}, do)
}

type accountOpen struct {
	Side     string               `arg:"" help:"Whose account: ${sides}."`
	Incident jurat.IncidentNumber `required:"" short:"i" placeholder:"N" help:"The incident."`
	Party    jurat.ItemID         `placeholder:"PARTY" help:"The party slot."`
	Asked    string               `placeholder:"HOW" help:"How the side was asked; not asked when not given."`
}

func (accountOpen) Help() string {
	return "Example:\n  jurat account open agency_spokesperson --incident 2026-000001 --asked \"letter of 22 November\" --as detective-2208"
}

func (v *accountOpen) Run(ctx context.Context, c *call) error {
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.OpenAccount(ctx, at.who, at.now(), v.Incident, v.Side, v.Party, v.Asked)
	})
}

type accountAsk struct {
	Account jurat.ItemID `arg:"" help:"The account."`
	How     string       `required:"" placeholder:"HOW" help:"By what means."`
}

func (accountAsk) Help() string {
	return "Example:\n  jurat account ask 2026-000001-S1 --how letter --as detective-2208"
}

func (v *accountAsk) Run(ctx context.Context, c *call) error {
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.AskAccount(ctx, at.who, at.now(), v.Account, v.How)
	})
}

type accountGive struct {
	Account   jurat.ItemID `arg:"" help:"The account."`
	File      string       `arg:"" optional:"" help:"A text file; - is standard input."`
	Text      string       `placeholder:"WORDS" help:"The statement, on the command line."`
	Verbatim  jurat.Answer `default:"unknown" placeholder:"ANSWER" help:"Word for word: yes, no or unknown."`
	Language  string       `placeholder:"LANG" help:"Its language."`
	Source    string       `placeholder:"WORDS" help:"Where it was stated, and to whom."`
	Compelled bool         `help:"It was compelled: sealed until counsel screened it."`
}

func (accountGive) Help() string {
	return "Example:\n  jurat account give 2026-000001-S1 statement.txt --verbatim yes --source \"press statement\" --as detective-2208"
}

func (v *accountGive) Run(ctx context.Context, c *call) error {
	text, err := c.oneOf("the statement", v.File, "--text", v.Text)
	if err != nil {
		return err
	}
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.GiveAccount(ctx, at.who, at.now(), v.Account, jurat.Statement{
			Text: string(text), Verbatim: v.Verbatim, Language: v.Language, Source: v.Source, Compelled: v.Compelled,
		})
	})
}

type accountSilence struct {
	Account jurat.ItemID `arg:"" help:"The account."`
}

func (accountSilence) Help() string {
	return "Example:\n  jurat account no-answer 2026-000001-S1 --as detective-2208\n\nNo answer is not a refusal; an account that comes later is taken."
}

func (v *accountSilence) Run(ctx context.Context, c *call) error {
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.NoAnswer(ctx, at.who, at.now(), v.Account)
	})
}

type accountDecline struct {
	Account jurat.ItemID `arg:"" help:"The account."`
	Words   string       `placeholder:"WORDS" help:"What the side said."`
}

func (accountDecline) Help() string {
	return "Example:\n  jurat account decline 2026-000001-S1 --words \"on advice of counsel\" --as detective-2208"
}

func (v *accountDecline) Run(ctx context.Context, c *call) error {
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.DeclineAccount(ctx, at.who, at.now(), v.Account, v.Words)
	})
}

type accountScreen struct {
	Account jurat.ItemID `arg:"" help:"The account."`
	Release bool         `help:"Release it; withheld when not given."`
	Reason  string       `required:"" placeholder:"WORDS" help:"Why."`
}

func (accountScreen) Help() string {
	return "Example:\n  jurat account screen 2026-000001-S2 --reason \"compelled in an internal inquiry\" --as counsel-3"
}

func (v *accountScreen) Run(ctx context.Context, c *call) error {
	return c.account(ctx, func(at visit) (jurat.Account, desk.Done, error) {
		return at.desk.ScreenAccount(ctx, at.who, at.now(), v.Account, v.Release, v.Reason)
	})
}
