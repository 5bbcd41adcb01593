package jurat

import (
	"strings"
	"time"
)

// Acts on an account.
const (
	AccountAsked    Act = "account.asked"
	AccountOpened   Act = "account.opened" // a side that was not asked, stated as such
	AccountGiven    Act = "account.given"
	AccountNoAnswer Act = "account.no_answer"
	AccountDeclined Act = "account.declined"
	AccountScreened Act = "account.screened"
)

// An AccountState says how a side's statement stands. No answer is not a
// refusal.
type AccountState string

// The states.
const (
	AccountNotAsked   AccountState = "not_asked"
	AccountWasAsked   AccountState = "asked"
	AccountNoReply    AccountState = "no_answer"
	AccountHasDecline AccountState = "declined"
	AccountWasGiven   AccountState = "given"
)

// AccountStates lists the states.
var AccountStates = [...]AccountState{AccountNotAsked, AccountWasAsked, AccountNoReply, AccountHasDecline, AccountWasGiven}

// Counsel's decisions on a compelled statement.
const (
	ScreenReleased = "released"
	ScreenWithheld = "withheld"
)

// Sides lists whose account it may be; all have equal rank.
var Sides = [...]string{"complainant", "witness", "city_officer", "agency", "agency_officer", "agency_spokesperson", "owner", "other"}

// An Account is one side's statement, at equal rank with every other side's.
// The text of a compelled statement is a sealed part until counsel screened
// it, and the detective does not get it before.
type Account struct {
	ID         ItemID         `json:"id"`
	Incident   IncidentNumber `json:"incident"`
	Side       string         `json:"side"`
	Party      ItemID         `json:"party,omitempty"`
	State      AccountState   `json:"state"`
	Asked      time.Time      `json:"asked_at,omitzero"` // the last time
	AskedHow   string         `json:"asked_how,omitempty"`
	Given      time.Time      `json:"given_at,omitzero"`
	Text       string         `json:"text,omitempty"` // empty while compelled and unscreened
	Verbatim   Answer         `json:"verbatim"`
	Language   string         `json:"language,omitempty"`
	Source     string         `json:"source,omitempty"` // where it was stated, by whom received
	Compelled  bool           `json:"compelled,omitempty"`
	Screened   string         `json:"screened,omitempty"` // counsel's decision: released, withheld
	ScreenedBy PersonID       `json:"screened_by,omitempty"`
	ScreenedAt time.Time      `json:"screened_at,omitzero"`
}

// OpenAccount puts a side on the record: not asked yet, or asked now (how says
// by what means; empty means not asked).
func OpenAccount(id ItemID, side string, party ItemID, how string, by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("recording a side's account"); err != nil {
		return Account{}, Event{}, err
	}
	if err := oneOf("side", side, Sides[:]); err != nil {
		return Account{}, Event{}, err
	}
	if err := named(NounAccount, id); err != nil {
		return Account{}, Event{}, err
	}
	if err := filed(id.Incident(), NounParty, party); err != nil {
		return Account{}, Event{}, err
	}
	a := Account{ID: id, Incident: id.Incident(), Side: side, Party: party, State: AccountNotAsked, Verbatim: Unknown}
	if blank(how) {
		return a, a.event(AccountOpened, "", nil), nil
	}
	return a.Ask(how, by, at)
}

// Ask records that the side was asked, and how. A side that did not answer, or
// declined, may be asked again; one that gave its account was heard: Conflict,
// open another account.
func (a Account) Ask(how string, by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("asking a side"); err != nil {
		return a, Event{}, err
	}
	switch {
	case a.State == AccountWasGiven:
		return a, Event{}, Errorf(Conflict, "%s already has a statement; open another account to ask the %s further", a.ID, a.Side)
	case blank(how):
		return a, Event{}, Errorf(Invalid, "say how the %s was asked (letter, telephone, in person)", a.Side)
	}
	next := a
	next.State, next.Asked, next.AskedHow = AccountWasAsked, At(at), how
	return next, next.event(AccountAsked, "", nil), nil
}

// A Statement is what a side said.
type Statement struct {
	Text      string
	Verbatim  Answer
	Language  string
	Source    string
	Compelled bool
}

// Give records what the side said. It may come unasked, and after an answer
// was declined or failed to come. A compelled statement's text goes to the
// sealed class compelled and nowhere else. An account holds one statement: a
// second is Conflict.
func (a Account) Give(s Statement, by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("recording a statement"); err != nil {
		return a, Event{}, err
	}
	if strings.TrimSpace(s.Text) == "" {
		return a, Event{}, Errorf(Invalid, "the statement is empty; if the side did not answer, record that")
	}
	if a.State == AccountWasGiven {
		return a, Event{}, Errorf(Conflict, "%s already has a statement; open another account for a further one, both are kept", a.ID)
	}
	if s.Verbatim == "" {
		s.Verbatim = Unknown
	}
	if err := oneOf("verbatim", s.Verbatim, answers[:]); err != nil {
		return a, Event{}, err
	}
	next := a
	next.State, next.Given, next.Text, next.Verbatim, next.Language, next.Source, next.Compelled = AccountWasGiven, At(at), s.Text, s.Verbatim, s.Language, s.Source, s.Compelled
	var sealed map[Class]any
	if s.Compelled {
		next.Text = ""
		sealed = sealedText(ClassCompelled, "text", s.Text)
	}
	return next, next.event(AccountGiven, "", sealed), nil
}

// NoAnswer records that a side that was asked did not answer. It is not a
// refusal, and an account that comes later is taken. Of a side that is not
// waiting to answer it cannot be said: Conflict.
func (a Account) NoAnswer(by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("recording that a side did not answer"); err != nil {
		return a, Event{}, err
	}
	if a.State != AccountWasAsked {
		return a, Event{}, Errorf(Conflict, "%s: the %s is %q, so %q cannot be recorded; record first that it was asked", a.ID, a.Side, a.State, AccountNoReply)
	}
	next := a
	next.State = AccountNoReply
	return next, next.event(AccountNoAnswer, "", nil), nil
}

// Decline records that a side that was asked said it would not give an account,
// in its words or those of who heard it: silence is never a refusal, so without
// words it is Invalid. An earlier silence does not stand in the way.
func (a Account) Decline(words string, by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("recording that a side declined"); err != nil {
		return a, Event{}, err
	}
	switch {
	case a.State != AccountWasAsked && a.State != AccountNoReply:
		return a, Event{}, Errorf(Conflict, "%s: the %s is %q, so %q cannot be recorded; record first that it was asked", a.ID, a.Side, a.State, AccountHasDecline)
	case blank(words):
		return a, Event{}, Errorf(Invalid, "say in what words the %s declined; if it only did not answer, record that", a.Side)
	}
	next := a
	next.State = AccountHasDecline
	return next, next.event(AccountDeclined, words, nil), nil
}

// Screen is counsel's decision on a compelled statement: released to the
// detective, or withheld. The text stays sealed either way; what the decision
// changes is who may open it ([Account.OpenTo]). Counsel may decide otherwise
// later; deciding the same again is Conflict.
func (a Account) Screen(release bool, reason string, by Hand, at time.Time) (Account, Event, error) {
	if err := by.needPerson("screening a compelled statement"); err != nil {
		return a, Event{}, err
	}
	decision := ScreenWithheld
	if release {
		decision = ScreenReleased
	}
	switch {
	case by.Function != FunctionCounsel:
		return a, Event{}, Errorf(Forbidden, "only counsel screens a compelled statement")
	case !a.Compelled || a.State != AccountWasGiven:
		return a, Event{}, Errorf(Conflict, "%s is not a compelled statement awaiting screening", a.ID)
	case a.Screened == decision:
		return a, Event{}, Errorf(Conflict, "%s is already %s", a.ID, decision)
	case blank(reason):
		return a, Event{}, Errorf(Invalid, "say why %s is released or withheld", a.ID)
	}
	next := a
	next.Screened, next.ScreenedBy, next.ScreenedAt = decision, by.Person, At(at)
	return next, next.event(AccountScreened, reason, nil), nil
}

// OpenTo refuses, with kind Forbidden, somebody to whom the sealed text of a
// compelled statement is not open: until counsel released it, everybody but
// counsel, the detective and the prosecutor included; a political office,
// always. Of any other account there is nothing to refuse but the latter.
func (a Account) OpenTo(by Hand) error {
	switch {
	case by.political():
		return Errorf(Forbidden, "a political office does nothing in a case (REF-1)")
	case a.Compelled && a.Screened != ScreenReleased && by.Function != FunctionCounsel:
		return Errorf(Forbidden, "%s is a compelled statement that counsel has not released", a.ID)
	}
	return nil
}

// Item names the account.
func (a Account) Item() Item { return Item{Noun: NounAccount, ID: a.ID} }

func (a Account) event(act Act, note string, sealed map[Class]any) Event {
	return Event{Act: act, Incident: a.Incident, Item: a.Item(), Value: a, Sealed: sealed, Note: note}
}
