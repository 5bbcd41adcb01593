package jurat_test

import (
	"strings"
	"testing"

	"jurat"
)

type accountDeed = deed[jurat.Account]

// accounts gives an account in each state.
func accounts(t testing.TB) map[jurat.AccountState]jurat.Account {
	t.Helper()
	silent, ev, err := jurat.OpenAccount(id(jurat.NounAccount, 1), "agency", "", "", officer, night)
	out := map[jurat.AccountState]jurat.Account{jurat.AccountNotAsked: must(t, silent, ev, err), jurat.AccountWasAsked: askedAccount(t)}
	a, ev, err := askedAccount(t).NoAnswer(officer, morning)
	out[jurat.AccountNoReply] = must(t, a, ev, err)
	a, ev, err = askedAccount(t).Decline("we give no statement", officer, morning)
	out[jurat.AccountHasDecline] = must(t, a, ev, err)
	a, ev, err = askedAccount(t).Give(jurat.Statement{Text: "As stated by the agency.", Verbatim: jurat.Yes}, officer, morning)
	out[jurat.AccountWasGiven] = must(t, a, ev, err)
	for s, a := range out {
		if a.State != s {
			t.Fatalf("the account that is %s is %s", s, a.State)
		}
	}
	return out
}

func TestASideIsOnTheRecord(t *testing.T) {
	open := func(side string, party jurat.ItemID, how string) func(jurat.Account) (jurat.Account, jurat.Event, error) {
		return func(jurat.Account) (jurat.Account, jurat.Event, error) {
			return jurat.OpenAccount(id(jurat.NounAccount, 1), side, party, how, officer, night)
		}
	}
	var none jurat.Account
	deeds := []accountDeed{
		{"a side nobody lists", none, open("the public", "", ""), jurat.Invalid, nil},
		{"a party of another incident", none, open("witness", jurat.NumberItem(other, jurat.NounParty, 1), ""), jurat.Invalid, nil},
		{"an exhibit for a party", none, open("witness", id(jurat.NounExhibit, 1), ""), jurat.Invalid, nil},
		{"blanks are no way of asking", none, open("witness", "", "  "), "", func(t *testing.T, a jurat.Account, ev jurat.Event) {
			if a.State != jurat.AccountNotAsked || ev.Act != jurat.AccountOpened {
				t.Errorf("it is %s by %s", a.State, ev.Act)
			}
		}},
		{"asked at once", none, open("witness", id(jurat.NounParty, 1), "in person"), "", func(t *testing.T, a jurat.Account, ev jurat.Event) {
			if a.State != jurat.AccountWasAsked || ev.Act != jurat.AccountAsked {
				t.Errorf("it is %s by %s", a.State, ev.Act)
			}
		}},
		{"under a party's number", none, func(jurat.Account) (jurat.Account, jurat.Event, error) {
			return jurat.OpenAccount(id(jurat.NounParty, 1), "witness", "", "", officer, night)
		}, jurat.Invalid, nil},
	}
	for _, side := range jurat.Sides {
		deeds = append(deeds, accountDeed{"the " + side + ", by the same rule as all", none, open(side, "", ""), "", nil})
	}
	book(t, deeds)
}

func TestWhatAnAccountMayBecome(t *testing.T) {
	states := accounts(t)
	acts := map[string]struct {
		do func(jurat.Account) (jurat.Account, jurat.Event, error)
		to jurat.AccountState
		of []jurat.AccountState
	}{
		"asked": {func(a jurat.Account) (jurat.Account, jurat.Event, error) { return a.Ask("letter", officer, morning) }, jurat.AccountWasAsked,
			[]jurat.AccountState{jurat.AccountNotAsked, jurat.AccountWasAsked, jurat.AccountNoReply, jurat.AccountHasDecline}},
		"given": {func(a jurat.Account) (jurat.Account, jurat.Event, error) {
			return a.Give(jurat.Statement{Text: "What was said."}, officer, morning)
		}, jurat.AccountWasGiven, []jurat.AccountState{jurat.AccountNotAsked, jurat.AccountWasAsked, jurat.AccountNoReply, jurat.AccountHasDecline}},
		"no answer": {func(a jurat.Account) (jurat.Account, jurat.Event, error) { return a.NoAnswer(officer, morning) }, jurat.AccountNoReply,
			[]jurat.AccountState{jurat.AccountWasAsked}},
		"declined": {func(a jurat.Account) (jurat.Account, jurat.Event, error) {
			return a.Decline("we give none", officer, morning)
		}, jurat.AccountHasDecline, []jurat.AccountState{jurat.AccountWasAsked, jurat.AccountNoReply}},
	}
	for name, act := range acts {
		var deeds []accountDeed
		for state, before := range states {
			want := jurat.Conflict
			for _, from := range act.of {
				if from == state {
					want = ""
				}
			}
			deeds = append(deeds, accountDeed{name + " of one that is " + string(state), before, act.do, want, func(t *testing.T, a jurat.Account, _ jurat.Event) {
				if a.State != act.to || a.Side != before.Side || a.Verbatim == "" {
					t.Errorf("it is %s of %s, verbatim %q", a.State, a.Side, a.Verbatim)
				}
			}})
		}
		book(t, deeds)
	}
	asked := states[jurat.AccountWasAsked]
	book(t, []accountDeed{
		{"asked by no means", asked, func(a jurat.Account) (jurat.Account, jurat.Event, error) { return a.Ask(" ", officer, morning) }, jurat.Invalid, nil},
		{"an empty statement", asked, func(a jurat.Account) (jurat.Account, jurat.Event, error) {
			return a.Give(jurat.Statement{Text: "\n"}, officer, morning)
		}, jurat.Invalid, nil},
		{"verbatim in part", asked, func(a jurat.Account) (jurat.Account, jurat.Event, error) {
			return a.Give(jurat.Statement{Text: "x", Verbatim: "in part"}, officer, morning)
		}, jurat.Invalid, nil},
		{"declined without a word: silence is never a refusal", asked, func(a jurat.Account) (jurat.Account, jurat.Event, error) {
			return a.Decline("", officer, morning)
		}, jurat.Invalid, nil},
	})
}

func TestACompelledStatementIsCounselsFirst(t *testing.T) {
	screen := func(release bool, why string, by jurat.Hand) func(jurat.Account) (jurat.Account, jurat.Event, error) {
		return func(a jurat.Account) (jurat.Account, jurat.Event, error) { return a.Screen(release, why, by, morning) }
	}
	waiting, free := compelled(t), accounts(t)[jurat.AccountWasGiven]
	released, ev, err := waiting.Screen(true, "no use against the speaker", counsel, morning)
	released = must(t, released, ev, err)
	withheld, ev, err := waiting.Screen(false, "taint", counsel, morning)
	withheld = must(t, withheld, ev, err)
	book(t, []accountDeed{
		{"counsel releases it", waiting, screen(true, "no use against the speaker", counsel), "", nil},
		{"counsel withholds it", waiting, screen(false, "taint", counsel), "", nil},
		{"counsel decides otherwise later", withheld, screen(true, "by order of the court", counsel), "", nil},
		{"counsel takes a release back", released, screen(false, "by order of the court", counsel), "", nil},
		{"the same decision twice", released, screen(true, "again", counsel), jurat.Conflict, nil},
		{"without a reason", waiting, screen(true, "", counsel), jurat.Invalid, nil},
		{"the detective screens it", waiting, screen(true, "I need it", detective), jurat.Forbidden, nil},
		{"the prosecutor screens it", waiting, screen(true, "I need it", prosecutor), jurat.Forbidden, nil},
		{"the role of counsel in a police office", waiting, screen(true, "x", hand("c", jurat.RoleCounsel, jurat.FunctionPolice, true)), jurat.Forbidden, nil},
		{"a statement nobody compelled", free, screen(true, "x", counsel), jurat.Conflict, nil},
		{"a statement not given", accounts(t)[jurat.AccountWasAsked], screen(true, "x", counsel), jurat.Conflict, nil},
	})

	_, ev, err = askedAccount(t).Give(jurat.Statement{Text: "the words themselves", Compelled: true}, supervisor, night)
	if err != nil || strings.Contains(spelt(t, ev.Value), "the words") || !strings.Contains(spelt(t, ev.Sealed[jurat.ClassCompelled]), "the words") {
		t.Errorf("the text stands open: %s, sealed %s, %v", spelt(t, ev.Value), spelt(t, ev.Sealed), err)
	}
	for name, tc := range map[string]struct {
		account jurat.Account
		by      jurat.Hand
		want    error
	}{
		"counsel before screening":        {waiting, counsel, nil},
		"the detective before screening":  {waiting, detective, jurat.Forbidden},
		"the supervisor who took it":      {waiting, supervisor, jurat.Forbidden},
		"the prosecutor before screening": {waiting, prosecutor, jurat.Forbidden},
		"the detective once withheld":     {withheld, detective, jurat.Forbidden},
		"counsel once withheld":           {withheld, counsel, nil},
		"the detective once released":     {released, detective, nil},
		"the prosecutor once released":    {released, prosecutor, nil},
		"a political office, released":    {released, mayor, jurat.Forbidden},
		"anybody who works on the case":   {free, detective, nil},
		"a political office":              {free, mayor, jurat.Forbidden},
	} {
		if err := tc.account.OpenTo(tc.by); !isKind(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}
