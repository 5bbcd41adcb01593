package login

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Token is what a browser shows with every request: 256 random bits. Whoever
// has it is the person; only its hash is stored. It prints as nothing.
type Token string

// String keeps a token out of logs.
func (Token) String() string { return "(a token)" }

func (t Token) hash() []byte {
	b, err := base64.RawURLEncoding.Strict().DecodeString(string(t))
	if err != nil {
		b = nil // of nobody: no token hashes like this
	}
	sum := sha256.Sum256(append([]byte("jurat session\x00"), b...))
	return sum[:]
}

// How long a session lasts: locked when nothing was done for half an hour,
// over after twelve; one for making credentials is over after one.
const (
	lockAfter   = 30 * time.Minute
	endAfter    = 12 * time.Hour
	setupEnds   = time.Hour
	freshFor    = 10 * time.Minute
	touchedEach = time.Minute // so that not every page writes
)

// A Method is how somebody came in.
type Method string

// The methods.
const (
	ByPasskey  Method = "passkey"
	ByPassword Method = "password"
	ByRecovery Method = "recovery"
	ByLink     Method = "link"
)

// A Session is somebody who came in and has not gone.
type Session struct {
	ID     string // by which it is listed and ended; opens nothing
	Person jurat.PersonID
	Method Method
	Began  time.Time
	Seen   time.Time // to the minute
	Fresh  time.Time // when they last showed here who they are; zero: never
	Ends   time.Time
	Locked bool
	Setup  bool // only for making credentials
}

func sessionOf(row register.SessionRow, at time.Time) Session {
	s := Session{
		ID: row.ID, Person: row.Person, Method: Method(row.Method), Began: row.Began, Seen: row.Seen, Fresh: row.Fresh, Setup: row.Setup,
		Ends: row.Began.Add(endAfter), Locked: at.Sub(row.Seen) >= lockAfter,
	}
	if row.Setup {
		s.Ends = row.Began.Add(setupEnds)
	}
	return s
}

// enter begins a session of a person. One by a single sign-on is not fresh:
// another system says who they are, and they showed nothing of their own here.
func enter(tx *register.Tx, at time.Time, who jurat.Person, by Method, setup bool) (Token, Session, error) {
	token := Token(randomText(32))
	row := register.SessionRow{
		Hash: token.hash(), ID: randomText(9), Person: who.ID, Standing: standing(who), Method: string(by), Began: at, Seen: at, Fresh: at, Setup: setup,
	}
	if by == BySignOn {
		row.Fresh = time.Time{}
	}
	if err := sweepLogin(tx, at); err != nil {
		return "", Session{}, err
	}
	return token, sessionOf(row, at), tx.PutSession(row)
}

// sweepLogin removes what is over.
func sweepLogin(tx *register.Tx, at time.Time) error {
	return tx.SweepLogin(at, at.Add(-endAfter), at.Add(-sourcesKept))
}

// Session is who shows a token, for every page of work. Forbidden with
// [ErrSignedOut], [ErrLocked] (the session is given too) or [ErrSetup].
func (p *Porter) Session(ctx context.Context, at time.Time, token Token) (Session, error) {
	s, err := p.Newcomer(ctx, at, token)
	if err == nil && s.Setup {
		err = onlySetup()
	}
	return s, err
}

// Newcomer is [Porter.Session] for the pages where somebody makes their
// credentials: it lets those in too who can do nothing else yet.
func (p *Porter) Newcomer(ctx context.Context, at time.Time, token Token) (Session, error) {
	at = jurat.At(at)
	var s Session
	err := p.register.Read(ctx, func(tx *register.Tx) (err error) {
		s, err = in(tx, at, token)
		return err
	})
	if err != nil {
		return s, err
	}
	if s.Locked {
		return s, locked()
	}
	if at.Sub(s.Seen) < touchedEach {
		return s, nil
	}
	s.Seen = at
	return s, p.register.Write(ctx, func(tx *register.Tx) error { return tx.TouchSession(token.hash(), at, time.Time{}) })
}

// in is the session of a token, locked or not.
func in(tx *register.Tx, at time.Time, token Token) (Session, error) {
	row, err := tx.Session(token.hash())
	if errors.Is(err, jurat.NotFound) {
		return Session{}, signedOut()
	}
	if err != nil {
		return Session{}, err
	}
	who, err := person(tx, row.Person)
	if err != nil && !errors.Is(err, jurat.NotFound) {
		return Session{}, err
	}
	s := sessionOf(row, at)
	if err != nil || standing(who) != row.Standing || !at.Before(s.Ends) || s.Setup && s.Locked {
		return Session{}, signedOut()
	}
	return s, nil
}

func signedOut() error {
	return jurat.Because(jurat.Forbidden, ErrSignedOut, "You are signed out. Sign in to go on")
}

func locked() error {
	return jurat.Because(jurat.Forbidden, ErrLocked, "Locked after 30 minutes. Your draft is saved. Sign in to go on")
}

func onlySetup() error {
	return jurat.Because(jurat.Forbidden, ErrSetup, "First make your passkey or your password")
}

// fresh is the session of somebody who showed who they are just now. Forbidden
// with [ErrStale]: it was too long ago.
func fresh(tx *register.Tx, at time.Time, token Token) (Session, error) {
	s, err := in(tx, at, token)
	switch {
	case err != nil:
		return s, err
	case s.Locked:
		return s, locked()
	case !s.Setup && at.Sub(s.Fresh) > freshFor:
		return s, jurat.Because(jurat.Forbidden, ErrStale, "Show once more who you are, then do this again")
	}
	return s, nil
}

// JustShown asks that whoever the token is of showed who they are just now,
// before what is seldom done and hard to undo. Forbidden with [ErrStale]: it
// was too long ago.
func (p *Porter) JustShown(ctx context.Context, at time.Time, token Token) error {
	return p.register.Read(ctx, func(tx *register.Tx) error {
		_, err := fresh(tx, at, token)
		return err
	})
}

// Leave ends the session of a token. One that is over already is no error.
func (p *Porter) Leave(ctx context.Context, token Token) error {
	return p.register.Write(ctx, func(tx *register.Tx) error {
		row, err := tx.Session(token.hash())
		if err == nil {
			err = tx.EndSession(row.Person, row.ID)
		}
		if errors.Is(err, jurat.NotFound) {
			return nil
		}
		return err
	})
}

// Sessions lists a person's sessions that are not over, the newest first.
func (p *Porter) Sessions(ctx context.Context, at time.Time, who jurat.PersonID) ([]Session, error) {
	var all []Session
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		all = nil
		rows, err := tx.Sessions(who)
		for _, row := range rows {
			if s := sessionOf(row, jurat.At(at)); at.Before(s.Ends) {
				all = append(all, s)
			}
		}
		return err
	})
	return all, err
}

// EndSession ends one of a person's own sessions. NotFound: they have none
// such.
func (p *Porter) EndSession(ctx context.Context, who jurat.PersonID, id string) error {
	return p.register.Write(ctx, func(tx *register.Tx) error { return tx.EndSession(who, id) })
}

// EndOthers ends every session of a person but this one, and says how many
// there were.
func (p *Porter) EndOthers(ctx context.Context, s Session) (int, error) {
	var n int
	err := p.register.Write(ctx, func(tx *register.Tx) (err error) {
		n, err = tx.EndSessions(s.Person, s.ID)
		return err
	})
	return n, err
}
