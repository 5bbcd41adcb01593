package main

import (
	"context"

	"jurat/internal/numbers"
)

type rightsVerb struct {
	List  rightsList  `cmd:"" help:"List the rights cards and instructions that may be shown today."`
	Show  rightsShow  `cmd:"" help:"Show a card as text."`
	Print rightsPrint `cmd:"" help:"Print a card as a page that works offline."`
}

// spoken is the language a card is asked for in.
type spoken struct {
	Lang string `default:"en" placeholder:"LANG" help:"The language, such as es."`
}

type rightsList struct{ spoken }

func (rightsList) Help() string {
	return "Example:\n  jurat rights list --lang es\n\nCards for residents, and what each department of the city does when it is visited or asked. What may not be shown today is named on standard error, with why: nobody approved it, or its last day is past."
}

func (v *rightsList) Run(ctx context.Context, c *call) error {
	return list(ctx, c, func(card numbers.Card) error {
		return c.either(card, "%-24s %-4s until %-12s %s", card.ID, card.Language, stated(card.ValidTo), card.Title)
	}, func(at visit) ([]numbers.Card, error) {
		orders, err := at.desk.Orders(ctx)
		for _, why := range numbers.Unshown(orders, at.now()) {
			c.complain("note: %v", why)
		}
		return numbers.Cards(orders, v.Lang, at.now()), err
	})
}

type rightsShow struct {
	Card string `arg:"" help:"The card's id."`
	spoken
}

func (rightsShow) Help() string { return "Example:\n  jurat rights show know-your-rights --lang es" }

func (v *rightsShow) Run(ctx context.Context, c *call) error {
	return c.card(ctx, v.Card, v.Lang, func(card numbers.Card) error {
		if c.verbs.JSON {
			return c.object(card)
		}
		return card.Print(c.stdout)
	})
}

type rightsPrint struct {
	Card string `arg:"" help:"The card's id."`
	spoken
}

func (rightsPrint) Help() string {
	return "Example:\n  jurat rights print know-your-rights --lang es > card.html\n\nThe page asks for nothing and keeps nothing; it prints on one sheet."
}

func (v *rightsPrint) Run(ctx context.Context, c *call) error {
	return c.card(ctx, v.Card, v.Lang, func(card numbers.Card) error {
		page, err := card.HTML()
		if err != nil {
			return err
		}
		_, err = c.stdout.Write(page)
		return err
	})
}

// card finds a card of the orders in force. One that nobody approved, or that
// is past its last day, is not shown (RES-1).
func (c *call) card(ctx context.Context, id, lang string, show func(numbers.Card) error) error {
	return c.visit(ctx, func(at visit) error {
		orders, err := at.desk.Orders(ctx)
		if err != nil {
			return err
		}
		card, err := numbers.CardOf(orders, id, lang, at.now())
		if err != nil {
			return err
		}
		return show(card)
	})
}
