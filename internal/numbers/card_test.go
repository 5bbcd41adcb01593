package numbers_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"jurat"
	"jurat/internal/numbers"
	"jurat/order"
)

func TestACardIsShownOnlyWhileItIsValid(t *testing.T) {
	t.Parallel()
	orders := []*order.Order{example(t)}
	for _, tc := range []struct {
		id, lang, at string
		want         error
		says         string
	}{
		{"what-to-know", "en", "2026-06-01T12:00:00Z", nil, ""},
		{"what-to-know", "en", "2026-01-31T12:00:00Z", jurat.Conflict, "from 2026-02-01"},
		{"what-to-know", "en", "2026-12-31T23:00:00-06:00", nil, ""},
		{"what-to-know", "en", "2027-01-01T00:00:00-06:00", jurat.Conflict, "withdrawn"},
		{"not-approved", "en", "2026-06-01T12:00:00Z", jurat.Conflict, "approved by nobody"},
		{"none-such", "en", "2026-06-01T12:00:00Z", jurat.NotFound, "no adopted order"},
		{"what-to-know", "xx", "2026-06-01T12:00:00Z", jurat.Invalid, "want one of en"},
		{"when-visited", "en", "2026-06-01T12:00:00Z", nil, ""},
	} {
		_, err := numbers.CardOf(orders, tc.id, tc.lang, at(tc.at))
		if !errors.Is(err, tc.want) || err != nil && !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s in %s at %s: %v, want %v with %q", tc.id, tc.lang, tc.at, err, tc.want, tc.says)
		}
	}
	if got := numbers.Unshown(orders, at("2027-06-01T12:00:00Z")); len(got) != 2 || !strings.Contains(errors.Join(got...).Error(), "withdrawn") || !strings.Contains(errors.Join(got...).Error(), "approved by nobody") {
		t.Errorf("cards not shown after the last day of one: %v", got)
	}
	if got := numbers.Cards(orders, "en", at("2027-06-01T12:00:00Z")); len(got) != 1 || got[0].ID != "when-visited" {
		t.Errorf("cards shown after the last day of one: %+v", got)
	}
}

func TestALanguageNobodyReviewedSaysSo(t *testing.T) {
	t.Parallel()
	orders := []*order.Order{example(t)}
	when := at("2026-06-01T12:00:00Z")
	for lang, want := range map[string]string{"en": "", "es": "Nadie que responda", "pl": "The English is shown"} {
		c, err := numbers.CardOf(orders, "what-to-know", lang, when)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := c.Print(&b); err != nil {
			t.Fatal(err)
		}
		page, err := c.HTML()
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && len(c.Notices) > 0 || !strings.Contains(b.String(), want) || !strings.Contains(string(page), want) {
			t.Errorf("%s: notices %q, want %q", lang, c.Notices, want)
		}
		golden(t, "card."+lang+".txt", b.Bytes())
	}
}
