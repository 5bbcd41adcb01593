package numbers

import (
	"bytes"
	_ "embed" // the page of a card
	"html/template"
	"io"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/order"
)

//go:embed card.html
var cardText string

// A Card is a rights card or an agency's instruction as it may be shown on a
// day, in one language, ready to print (RES-1).
type Card struct {
	ID         string      `json:"id"`
	Order      string      `json:"order"`
	Version    string      `json:"order_version"`
	Language   string      `json:"language"` // of the text: English where the card has no other
	Asked      string      `json:"asked"`    // the language asked for
	Reviewed   bool        `json:"reviewed"` // somebody who answers for it read this language
	Title      string      `json:"title"`
	Text       string      `json:"text"`
	Department string      `json:"department,omitempty"`
	ApprovedBy string      `json:"approved_by"`
	Law        []string    `json:"law,omitempty"`
	ValidFrom  string      `json:"valid_from"`
	ValidTo    string      `json:"valid_to"`
	Basis      order.Basis `json:"basis"`
	Notices    []string    `json:"notices,omitempty"` // what must be said with it
}

// Cards lists the cards and instructions that may be shown at a moment, order
// by order: none that nobody approved, and none past its last day.
func Cards(orders []*order.Order, lang string, at time.Time) []Card {
	var out []Card
	for _, o := range orders {
		for _, c := range slices.Concat(order.Shown(o.Rights, at), order.Shown(o.Instructions, at)) {
			out = append(out, cardOf(o, c, lang))
		}
	}
	return out
}

// Unshown gives, for each card and instruction that may not be shown at a
// moment, the sentence that says why.
func Unshown(orders []*order.Order, at time.Time) []error {
	var out []error
	for _, o := range orders {
		for _, c := range slices.Concat(o.Rights, o.Instructions) {
			if len(order.Shown([]order.Card{c}, at)) == 0 {
				out = append(out, unshown(o, c, at))
			}
		}
	}
	return out
}

// unshown says why a card may not be shown.
func unshown(o *order.Order, c order.Card, at time.Time) error {
	switch {
	case c.ApprovedBy == "":
		return jurat.Errorf(jurat.Conflict, "the card %q of %s is approved by nobody yet, so it is not shown", c.ID, o.ID)
	case c.ValidFrom.Stated() && at.Before(c.ValidFrom.At):
		return jurat.Errorf(jurat.Conflict, "the card %q of %s is valid from %s on", c.ID, o.ID, c.ValidFrom)
	}
	return jurat.Errorf(jurat.Conflict, "the card %q of %s was valid to %s and is withdrawn: a card is reviewed, or not shown", c.ID, o.ID, c.ValidTo)
}

// CardOf gives one card by its id. NotFound: no adopted order has one. Conflict:
// it is not approved, not valid yet, or past its last day and withdrawn; a
// withdrawn card is never shown stale. Invalid: a language that no label may be
// in. Where the card has no text in the language, the English stands and the
// card says so.
func CardOf(orders []*order.Order, id, lang string, at time.Time) (Card, error) {
	if !slices.Contains(order.Languages[:], lang) {
		return Card{}, jurat.Errorf(jurat.Invalid, "language %q: want one of %s", lang, strings.Join(order.Languages[:], ", "))
	}
	var why error
	for _, o := range orders {
		for _, c := range slices.Concat(o.Rights, o.Instructions) {
			if c.ID != id {
				continue
			}
			if len(order.Shown([]order.Card{c}, at)) == 1 {
				return cardOf(o, c, lang), nil
			}
			why = unshown(o, c, at)
		}
	}
	if why != nil {
		return Card{}, why
	}
	return Card{}, jurat.Errorf(jurat.NotFound, "no adopted order has a card %q", id)
}

func cardOf(o *order.Order, c order.Card, lang string) Card {
	out := Card{
		ID: c.ID, Order: o.ID, Version: o.Digest.String(), Language: lang, Asked: lang, Department: c.Department, ApprovedBy: c.ApprovedBy, Law: c.Law,
		ValidFrom: c.ValidFrom.String(), ValidTo: c.ValidTo.String(), Basis: c.Basis,
	}
	if c.Text[lang] == "" {
		out.Language = "en"
		out.Notices = append(out.Notices, say("card.missing").In(lang))
	}
	out.Title, out.Text = c.Title.In(out.Language), strings.TrimSpace(c.Text.In(out.Language))
	i := slices.IndexFunc(o.Languages, func(l order.Language) bool { return l.ID == out.Language })
	if out.Reviewed = i >= 0 && o.Languages[i].Reviewed; !out.Reviewed {
		out.Notices = append(out.Notices, say("card.unreviewed").In(lang))
	}
	if c.Basis == order.Unverified {
		out.Notices = append(out.Notices, say("card.unverified").In(lang))
	}
	return out
}

// Print writes the card as plain text.
func (c Card) Print(w io.Writer) error {
	t := func(key string) string { return say(key).In(c.Asked) }
	var b strings.Builder
	b.WriteString(c.Title + "\n\n")
	for _, n := range c.Notices {
		b.WriteString(n + "\n\n")
	}
	b.WriteString(c.Text + "\n\n")
	if len(c.Law) > 0 {
		b.WriteString(t("card.law") + ": " + strings.Join(c.Law, "; ") + "\n")
	}
	if c.Department != "" {
		b.WriteString(t("card.department") + ": " + c.Department + "\n")
	}
	b.WriteString(t("card.approved") + ": " + c.ApprovedBy + "\n" + t("card.valid") + ": " + c.ValidFrom + " / " + c.ValidTo + "\n" + c.Order + " " + c.Version + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// HTML is the card as one page that prints, works offline, and asks for nothing.
func (c Card) HTML() ([]byte, error) {
	tmpl, err := template.New("card").Funcs(template.FuncMap{
		"t":          func(key string) string { return say(key).In(c.Asked) },
		"paragraphs": func(s string) []string { return strings.Split(s, "\n") },
	}).Parse(cardText)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	direction, around := "ltr", languages[0]
	if slices.Contains(languages[:], c.Asked) {
		around = c.Asked
	}
	if c.Language == "ar" || c.Language == "ur" {
		direction = "rtl"
	}
	if err := tmpl.Execute(&b, struct {
		Card
		Policy, Direction, Around string
		Style                     template.CSS
	}{c, policy(siteStyle), direction, around, template.CSS(siteStyle)}); err != nil { //nolint:gosec // our own style
		return nil, jurat.Because(jurat.Invalid, err, "the card cannot be shown as a page")
	}
	return b.Bytes(), nil
}
