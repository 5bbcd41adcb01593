package login

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"jurat"
	"jurat/internal/register"
)

// recoveryCodes is how many a person gets at once.
const recoveryCodes = 10

// letters of a recovery code: none that look alike (Crockford's base 32).
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// NewRecovery makes ten recovery codes for whoever shows the token, and ends
// what they had. They are shown now and never again; each is good once.
func (p *Porter) NewRecovery(ctx context.Context, at time.Time, token Token) ([]string, error) {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = newCode()
	}
	return codes, p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, jurat.At(at), token)
		if err != nil {
			return err
		}
		var hashes [][]byte
		for _, code := range codes {
			hashes = append(hashes, p.hashed("recovery", string(s.Person), spelt(code)))
		}
		return tx.PutRecovery(s.Person, hashes)
	})
}

// newCode is 80 random bits as four groups of four letters.
func newCode() string {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	var code strings.Builder
	for i, c := range b {
		if i > 0 && i%4 == 0 {
			code.WriteByte('-')
		}
		code.WriteByte(letters[c%32])
	}
	return code.String()
}

// spelt is a code as it was made, however somebody typed it.
func spelt(code string) string {
	return strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
}

// ComeByRecovery lets somebody in who lost what they sign in with, by their
// name and a recovery code, to make new credentials and for nothing else.
// Forbidden: it is not right. Unavailable with a [Wait].
func (p *Porter) ComeByRecovery(ctx context.Context, at time.Time, source, name, code string) (Token, Session, error) {
	at = jurat.At(at)
	t, err := p.begin(ctx, at, source, name)
	if err != nil {
		return "", Session{}, err
	}
	var token Token
	var s Session
	var known jurat.PersonID
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		known = ""
		who, err := named(tx, name)
		if err != nil {
			return err
		}
		known = who.ID
		if err := tx.TakeRecovery(who.ID, p.hashed("recovery", string(who.ID), spelt(code))); err != nil {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		token, s, err = enter(tx, at, who, ByRecovery, true)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return "", Session{}, p.turnAway(ctx, at, known, "recovery")
	}
	if err != nil {
		return "", Session{}, err
	}
	return p.entered(ctx, at, token, s)
}

// Settle makes a session that was only for making credentials a whole one,
// under a new token. Conflict: the person made no passkey in it yet, nor a
// password with a confirmed code generator. What they had before is no matter:
// who follows a link did not show it.
func (p *Porter) Settle(ctx context.Context, at time.Time, token Token) (Token, Session, error) {
	at = jurat.At(at)
	var settled Token
	var s Session
	err := p.register.Write(ctx, func(tx *register.Tx) error {
		before, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		who, err := person(tx, before.Person)
		if err != nil {
			return err
		}
		made, err := madeSince(tx, who.ID, before.Began)
		if err != nil {
			return err
		}
		if !made {
			return jurat.Errorf(jurat.Conflict, "You could not sign in again yet. Make a passkey, or a password with a code generator")
		}
		if err := tx.EndSession(who.ID, before.ID); err != nil {
			return err
		}
		settled, s, err = enter(tx, at, who, before.Method, false)
		return err
	})
	return settled, s, err
}

// Made reports whether the person of a session made a way in since it began: what
// [Porter.Settle] asks for.
func (p *Porter) Made(ctx context.Context, s Session) (made bool, err error) {
	err = p.register.Read(ctx, func(tx *register.Tx) error {
		made, err = madeSince(tx, s.Person, s.Began)
		return err
	})
	return made, err
}

// madeSince reports whether a person made a way in since a moment.
func madeSince(tx *register.Tx, who jurat.PersonID, began time.Time) (bool, error) {
	keys, err := tx.Passkeys(who)
	if err != nil || slices.ContainsFunc(keys, func(k register.PasskeyRow) bool { return !k.Added.Before(began) && k.Copied.IsZero() }) {
		return err == nil, err
	}
	password, err := tx.Password(who)
	if err != nil || password.Changed.Before(began) {
		return false, orNone(err)
	}
	code, err := tx.TOTP(who)
	return err == nil && code.Step >= 0 && !code.Added.Before(began), orNone(err)
}

// orNone lets NotFound be.
func orNone(err error) error {
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	return err
}
