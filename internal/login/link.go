package login

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"jurat"
	"jurat/internal/register"
)

// A Link is what an administrator, or whoever runs the machine, gives a person
// to make their first credentials: 256 random bits that are good once, for a
// while. Only its hash is stored, by the desk, which knows who may.
type Link struct {
	Secret string // for the address, after /setup#
	Hash   []byte // for [desk.Desk.GiveLink]
}

// LinkLasts is how long a link is good for.
const LinkLasts = 24 * time.Hour

// NewLink makes a link.
func NewLink() Link {
	secret := randomText(32)
	return Link{Secret: secret, Hash: linkHash(secret)}
}

func linkHash(secret string) []byte {
	sum := sha256.Sum256([]byte("jurat link\x00" + secret))
	return sum[:]
}

// ComeByLink lets in whoever follows a set-up link, to make credentials and for
// nothing else. The link is used up. Forbidden: it was used, or is too old.
func (p *Porter) ComeByLink(ctx context.Context, at time.Time, source, secret string) (Token, Session, error) {
	at = jurat.At(at)
	t, err := p.begin(ctx, at, source, "")
	if err != nil {
		return "", Session{}, err
	}
	if err := p.first(ctx, at, secret); err != nil {
		return "", Session{}, err
	}
	var token Token
	var s Session
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		id, err := tx.TakeLink(linkHash(secret), at)
		if err != nil {
			return err
		}
		who, err := person(tx, id)
		if err != nil {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		token, s, err = enter(tx, at, who, ByLink, true)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		if err := p.note(ctx, at, "", "link"); err != nil {
			return "", Session{}, jurat.Because(jurat.Unavailable, err, "you were turned away, and it could not be journalled")
		}
		return "", Session{}, jurat.Errorf(jurat.Forbidden, "This link was used, or is too old. Whoever runs the machine can print another")
	}
	if err != nil {
		return "", Session{}, err
	}
	return p.entered(ctx, at, token, s)
}

// first puts the person of a good link on the record when they are not there:
// the first administrator, whose link is older than they are.
func (p *Porter) first(ctx context.Context, at time.Time, secret string) error {
	var id jurat.PersonID
	err := p.register.Read(ctx, func(tx *register.Tx) (err error) {
		if id, err = tx.Link(linkHash(secret), at); err != nil {
			return err
		}
		_, err = tx.Item(jurat.Item{Noun: jurat.NounPerson, ID: jurat.ItemID(id)})
		return err
	})
	if !errors.Is(err, jurat.NotFound) || id == "" {
		if errors.Is(err, jurat.NotFound) {
			return nil // no such link: the caller finds out
		}
		return err
	}
	if err := p.welcome(ctx, at, id); err != nil && !errors.Is(err, jurat.Forbidden) && !errors.Is(err, jurat.Conflict) {
		return err
	}
	return nil
}
