package login_test

import (
	"testing"
	"time"

	"jurat"
	"jurat/internal/desk"
	"jurat/internal/desk/desktest"
	"jurat/internal/login"
	"jurat/internal/login/logintest"
)

// A new record has nobody in it who could let anybody in.
func TestTheFirstAdministratorComesByTheLinkOfTheRecord(t *testing.T) {
	engines(t, func(t *testing.T, e desktest.Engine) {
		l := counterOf(t, desktest.Bare(t, e))
		first := desk.FirstAdministrator
		give := func(id jurat.PersonID) (string, error) {
			link := login.NewLink()
			return link.Secret, l.record.GiveLink(t.Context(), desk.Caller{}, at(0), id, link.Hash, at(time.Hour))
		}
		_, err := give(officer)
		refused(t, "a link for somebody else", err, jurat.NotFound)
		secret := got(give(first))(t)
		_, err = l.record.People(t.Context(), desk.Caller{Person: first}, at(0))
		refused(t, "before they came", err, jurat.NotFound)
		_, _, err = l.ComeByLink(t.Context(), at(0), somehost, login.NewLink().Secret)
		refused(t, "another link", err, jurat.Forbidden)
		token, s, err := l.ComeByLink(t.Context(), at(0), somehost, secret)
		must(t, err)
		if s.Person != first || !s.Setup {
			t.Errorf("came %+v", s)
		}
		l.passkey(t, at(0), token, logintest.New(origin))
		who := desk.Caller{Person: first, Session: true}
		people := got(l.record.People(t.Context(), who, at(0)))(t)
		if len(people) != 1 || people[0].Role != jurat.RoleAdmin {
			t.Errorf("People: %+v", people)
		}
		_, err = l.record.AddPerson(t.Context(), who, at(0), jurat.Person{ID: officer, Label: "Officer 4471", Office: desktest.Own, Role: jurat.RoleOfficer, Sworn: true})
		must(t, err)
		_, _, err = l.ComeByLink(t.Context(), at(0), somehost, secret)
		refused(t, "the link again", err, jurat.Forbidden)
	})
}

// Whoever kept an old link of a new record would make themselves an
// administrator of one that has its own.
func TestTheLinkOfTheRecordMakesNobodyBesideAnAdministrator(t *testing.T) {
	l := counterOf(t, desktest.Bare(t, sqlite))
	link := login.NewLink()
	must(t, l.record.GiveLink(t.Context(), desk.Caller{}, at(0), desk.FirstAdministrator, link.Hash, at(time.Hour)))
	_, err := l.record.AddPerson(t.Context(), desk.Caller{}, at(0), jurat.Person{ID: "chief-clerk", Label: "Chief clerk", Office: desktest.Own, Role: jurat.RoleAdmin})
	must(t, err)
	_, _, err = l.ComeByLink(t.Context(), at(0), somehost, link.Secret)
	refused(t, "ComeByLink", err, jurat.Forbidden)
	refused(t, "another such link", l.record.GiveLink(t.Context(), desk.Caller{}, at(0), desk.FirstAdministrator, login.NewLink().Hash, at(time.Hour)), jurat.NotFound)
}

// A link or a recovery code alone would be as good as a passkey.
func TestWhoFollowsALinkMakesAWayInOfTheirOwn(t *testing.T) {
	l := newLobby(t, sqlite)
	l.enrolled(t, officer)
	later := at(time.Minute)
	token := l.link(t, later, officer)
	_, _, err := l.Settle(t.Context(), later, token)
	refused(t, "with a passkey they did not show", err, jurat.Conflict)
	l.passkey(t, later, token, logintest.New(origin))
	_, s, err := l.Settle(t.Context(), later, token)
	must(t, err)
	if s.Setup {
		t.Errorf("settled: %+v", s)
	}
}
