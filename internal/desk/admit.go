package desk

import (
	"context"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// The kinds of journal lines about coming in.
const (
	kindTurnedAway = "turned-away"
	kindCameIn     = "came-in"
	kindAdmitted   = "admitted"
	kindTokenMade  = "token-made"
	kindTokenEnded = "token-ended"
)

// TurnedAway journals that somebody could not show at the counter who they are:
// a person the record knows, or nobody, and a word for why. Of what they gave
// nothing is kept.
func (d *Desk) TurnedAway(ctx context.Context, at time.Time, person jurat.PersonID, why string) error {
	return d.note(ctx, at, entry{attempt{kind: kindTurnedAway, person: person}, []string{why}})
}

// CameIn journals that a person came in at the counter, and by what method
// (SEC-7).
func (d *Desk) CameIn(ctx context.Context, at time.Time, person jurat.PersonID, method string) error {
	return d.note(ctx, at, entry{attempt{kind: kindCameIn, person: person}, []string{method}})
}

// TokenMade journals that a person made a token for a program of theirs, by the
// id it is listed by, which opens nothing (SEC-7).
func (d *Desk) TokenMade(ctx context.Context, at time.Time, person jurat.PersonID, id string) error {
	return d.note(ctx, at, entry{attempt{kind: kindTokenMade, person: person, act: jurat.Act("token " + id)}, []string{id}})
}

// TokenEnded journals that a person ended one.
func (d *Desk) TokenEnded(ctx context.Context, at time.Time, person jurat.PersonID, id string) error {
	return d.note(ctx, at, entry{attempt{kind: kindTokenEnded, person: person, act: jurat.Act("token " + id)}, []string{id}})
}

// MayAdmit refuses whoever may not give links and end sessions. Pages ask it
// before they show how another person comes in.
func (d *Desk) MayAdmit(ctx context.Context, c Caller, at time.Time) error {
	return d.read(ctx, c, at, actionAdmit, "", func(*register.Tx, hand) error { return nil })
}

// FirstAdministrator is who the link that comes with a new record is for. They
// are not on the record before they follow it.
const FirstAdministrator jurat.PersonID = "administrator-1"

// Welcome puts the first administrator on the record, in its own office.
// Forbidden: there is an administrator already, or it is somebody else.
func (d *Desk) Welcome(ctx context.Context, at time.Time, id jurat.PersonID) error {
	if id != FirstAdministrator {
		return jurat.Errorf(jurat.Forbidden, "%s is not on the record", id)
	}
	offices, err := d.Offices(ctx, Caller{}, at)
	if err != nil {
		return err
	}
	for _, o := range offices {
		if o.Own {
			_, err := d.AddPerson(ctx, Caller{}, at, jurat.Person{ID: id, Label: "Administrator 1", Office: o.ID, Role: jurat.RoleAdmin})
			return err
		}
	}
	return jurat.Errorf(jurat.Conflict, "the record has no office of its own")
}

// GiveLink gives a person the one link by which they make their credentials,
// by its hash ([login.NewLink]); an earlier one is good no more. For an
// administrator, and the local operator. It is journalled. NotFound: there is
// nobody of that name, nor are they the [FirstAdministrator] of a record that
// has none; Conflict: they are retired.
func (d *Desk) GiveLink(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, hash []byte, until time.Time) error {
	return d.admit(ctx, c, at, "link", func(tx *register.Tx) error {
		h, err := lookUp(tx, id)
		if err == nil && h.retired {
			err = jurat.Errorf(jurat.Conflict, "%s is retired", id)
		}
		if errors.Is(err, jurat.NotFound) && id == FirstAdministrator {
			house, herr := d.standing(tx)
			if herr != nil {
				return herr
			}
			none, herr := house.nobodyAdministers(tx)
			if herr != nil {
				return herr
			}
			if none {
				err = nil
			}
		}
		if err != nil {
			return err
		}
		return tx.PutLink(id, hash, until)
	})
}

// EndSessions ends every session of a person and every token of a program of
// theirs, and says how many there were.
// For an administrator, and the local operator. It is journalled.
func (d *Desk) EndSessions(ctx context.Context, c Caller, at time.Time, id jurat.PersonID) (int, error) {
	var n int
	err := d.admit(ctx, c, at, "sessions", func(tx *register.Tx) (err error) {
		if _, err = lookUp(tx, id); err != nil {
			return err
		}
		if n, err = tx.EndSessions(id, ""); err != nil {
			return err
		}
		tokens, err := tx.EndAPITokens(id)
		n += tokens
		return err
	})
	return n, err
}

// mostSubject is how long a name at a single sign-on may be (OpenID Connect
// Core 1.0, §2: 255 characters of ASCII).
const mostSubject = 255

// AddSignOn says who somebody a single sign-on vouches for is here, by the
// issuer and its own name for them. For an administrator, and the local
// operator. It is journalled. Conflict: they are somebody here already, or the
// person is retired.
func (d *Desk) AddSignOn(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, issuer, subject string) error {
	if id == "" || issuer == "" || subject == "" || len(subject) > mostSubject || len(issuer) > mostSubject {
		return jurat.Errorf(jurat.Invalid, "Say who it is, which single sign-on, and its own name for them, of up to %d bytes", mostSubject)
	}
	return d.admit(ctx, c, at, "sign-on", func(tx *register.Tx) error {
		h, err := lookUp(tx, id)
		if err != nil {
			return err
		}
		if h.retired {
			return jurat.Errorf(jurat.Conflict, "%s is retired", id)
		}
		if _, err := tx.SignOn(issuer, subject); err == nil {
			return jurat.Errorf(jurat.Conflict, "this subject of %s is somebody here already", issuer)
		} else if !errors.Is(err, jurat.NotFound) {
			return err
		}
		return tx.PutSignOn(register.SignOnRow{Issuer: issuer, Subject: subject, Person: id, Added: jurat.At(at)})
	})
}

// DropSignOn takes that back, and ends the person's sessions. NotFound: it was
// not said.
func (d *Desk) DropSignOn(ctx context.Context, c Caller, at time.Time, id jurat.PersonID, issuer, subject string) error {
	return d.admit(ctx, c, at, "sign-on", func(tx *register.Tx) error {
		if err := tx.DropSignOn(id, issuer, subject); err != nil {
			return err
		}
		if _, err := tx.EndSessions(id, ""); err != nil {
			return err
		}
		_, err := tx.EndAPITokens(id)
		return err
	})
}

// A SignOn says that whom a single sign-on calls Subject is a person here.
type SignOn struct {
	Issuer  string         `json:"issuer"`
	Subject string         `json:"subject" doc:"the single sign-on's own name for them"`
	Person  jurat.PersonID `json:"person"`
	Added   time.Time      `json:"added"`
}

// SignOns lists who is said to be whom at a single sign-on, by person. For an
// administrator, and the local operator.
func (d *Desk) SignOns(ctx context.Context, c Caller, at time.Time) ([]SignOn, error) {
	var all []SignOn
	err := d.read(ctx, c, at, actionAdmit, "", func(tx *register.Tx, _ hand) error {
		all = nil
		rows, err := tx.AllSignOns()
		for _, r := range rows {
			all = append(all, SignOn(r))
		}
		return err
	})
	return all, err
}

// admit does what an administrator may about how others come in. It is no
// event: nothing of it is on the record.
func (d *Desk) admit(ctx context.Context, c Caller, at time.Time, what string, do func(*register.Tx) error) error {
	var done entry
	err := d.write(ctx, at, func(tx *register.Tx) error {
		h, err := d.hand(tx, c)
		if err != nil {
			return err
		}
		if err := d.authorise(tx, h, actionAdmit, ""); err != nil {
			return err
		}
		done = question{who: h, action: actionAdmit}.entry(kindAdmitted, what)
		return do(tx)
	})
	if err != nil {
		return err
	}
	return d.note(ctx, at, done)
}
