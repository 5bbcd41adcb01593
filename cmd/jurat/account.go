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
}

func (c *call) accountLine(a jurat.Account, done desk.Done) error {
	return c.either(map[string]any{"incident": a.Incident, "account": a.ID, "side": a.Side, "state": a.State, "event": done.Event}, "%s, account of the %s: %s", a.ID, a.Side, a.State)
}

type accountOpen struct {
	Side     string `arg:"" help:"Whose account: ${sides}."`
	Incident string `required:"" short:"i" placeholder:"N" help:"The incident."`
	Party    string `placeholder:"PARTY" help:"The party slot."`
	Asked    string `placeholder:"HOW" help:"How the side was asked; not asked when not given."`
}

func (accountOpen) Help() string {
	return "Example: jurat account open agency --incident 2026-000001 --asked \"letter of 22 November\" --as detective-2208"
}

func (v *accountOpen) Run(ctx context.Context, c *call) error {
	in, err := jurat.ParseIncidentNumber(v.Incident)
	if err != nil {
		return err
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.OpenAccount(ctx, who, c.now(), in, v.Side, jurat.ItemID(v.Party), v.Asked)
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}

type accountAsk struct {
	Account string `arg:"" help:"The account."`
	How     string `required:"" placeholder:"HOW" help:"By what means."`
}

func (accountAsk) Help() string {
	return "Example: jurat account ask 2026-000001-S1 --how letter --as detective-2208"
}

func (v *accountAsk) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.AskAccount(ctx, who, c.now(), jurat.ItemID(v.Account), v.How)
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}

type accountGive struct {
	Account   string `arg:"" help:"The account."`
	File      string `arg:"" optional:"" help:"A text file; - is standard input."`
	Text      string `placeholder:"WORDS" help:"The statement, on the command line."`
	Verbatim  string `default:"unknown" placeholder:"ANSWER" help:"Word for word: yes, no or unknown."`
	Language  string `placeholder:"LANG" help:"Its language."`
	Source    string `placeholder:"WORDS" help:"Where it was stated, and to whom."`
	Compelled bool   `help:"It was compelled: sealed until counsel screened it."`
}

func (accountGive) Help() string {
	return "Example: jurat account give 2026-000001-S1 statement.txt --verbatim yes --source \"press statement\" --as detective-2208"
}

func (v *accountGive) Run(ctx context.Context, c *call) error {
	text := v.Text
	if v.File != "" {
		b, err := c.text(v.File)
		if err != nil {
			return err
		}
		text = string(b)
	}
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.GiveAccount(ctx, who, c.now(), jurat.ItemID(v.Account), jurat.Statement{
			Text: text, Verbatim: jurat.Answer(v.Verbatim), Language: v.Language, Source: v.Source, Compelled: v.Compelled,
		})
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}

type accountSilence struct {
	Account string `arg:"" help:"The account."`
}

func (accountSilence) Help() string {
	return "Example: jurat account no-answer 2026-000001-S1 --as detective-2208\n\nNo answer is not a refusal; an account that comes later is taken."
}

func (v *accountSilence) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.NoAnswer(ctx, who, c.now(), jurat.ItemID(v.Account))
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}

type accountDecline struct {
	Account string `arg:"" help:"The account."`
	Words   string `placeholder:"WORDS" help:"What the side said."`
}

func (accountDecline) Help() string {
	return "Example: jurat account decline 2026-000001-S1 --words \"on advice of counsel\" --as detective-2208"
}

func (v *accountDecline) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.DeclineAccount(ctx, who, c.now(), jurat.ItemID(v.Account), v.Words)
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}

type accountScreen struct {
	Account string `arg:"" help:"The account."`
	Release bool   `help:"Release it; withheld when not given."`
	Reason  string `required:"" placeholder:"WORDS" help:"Why."`
}

func (accountScreen) Help() string {
	return "Example: jurat account screen 2026-000001-S2 --reason \"compelled in an internal inquiry\" --as counsel-3"
}

func (v *accountScreen) Run(ctx context.Context, c *call) error {
	return c.at(ctx, func(h *house, who desk.Caller) error {
		a, done, err := h.desk.ScreenAccount(ctx, who, c.now(), jurat.ItemID(v.Account), v.Release, v.Reason)
		if err != nil {
			return err
		}
		return c.accountLine(a, done)
	})
}
