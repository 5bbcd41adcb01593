package login

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A Passkey is one of a person's.
type Passkey struct {
	ID     string
	Name   string           // the person's own word for it
	Key    format.PersonKey // as it stands on the record, once the desk put it there
	Synced bool             // it may be on several devices of the person
	Added  time.Time
	Used   time.Time // zero: never
	Copied time.Time // when its counter went backwards, which ended it; zero: never
}

// backupEligible is the flag of authenticator data for a passkey that may be
// synced (Web Authentication, §6.1).
const backupEligible = 0x08

func passkeyOf(row register.PasskeyRow) (Passkey, error) {
	key, err := format.ParsePersonKey([]byte(row.JWK))
	if err != nil {
		return Passkey{}, fmt.Errorf("read the passkey %s: %w", row.ID, err)
	}
	return Passkey{ID: row.ID, Name: row.Name, Key: key, Synced: row.Flags&backupEligible != 0, Added: row.Added, Used: row.Used, Copied: row.Copied}, nil
}

// Means are the ways in a person has.
type Means struct {
	Passkeys []Passkey // the oldest first
	Password bool      // with a confirmed code generator
	Recovery int       // codes left
	SignOns  []SignedOn
}

// SignedOn is whom a single sign-on vouches for.
type SignedOn struct{ Issuer, Subject string }

// Means tells which ways in a person has.
func (p *Porter) Means(ctx context.Context, who jurat.PersonID) (m Means, err error) {
	err = p.register.Read(ctx, func(tx *register.Tx) (err error) {
		m, err = means(tx, who)
		return err
	})
	return m, err
}

func means(tx *register.Tx, who jurat.PersonID) (Means, error) {
	var m Means
	rows, err := tx.Passkeys(who)
	if err != nil {
		return m, err
	}
	for _, row := range rows {
		k, err := passkeyOf(row)
		if err != nil {
			return m, err
		}
		m.Passkeys = append(m.Passkeys, k)
	}
	_, err = tx.Password(who)
	if err == nil {
		var code register.TOTPRow
		code, err = tx.TOTP(who)
		m.Password = err == nil && code.Step >= 0
	}
	if err != nil && !errors.Is(err, jurat.NotFound) {
		return m, err
	}
	if m.Recovery, err = tx.RecoveryLeft(who); err != nil {
		return m, err
	}
	signOns, err := tx.SignOns(who)
	for _, s := range signOns {
		m.SignOns = append(m.SignOns, SignedOn{s.Issuer, s.Subject})
	}
	return m, err
}

// RenamePasskey gives a passkey of whoever shows the token another name.
// NotFound: they have none such. Invalid: the name.
func (p *Porter) RenamePasskey(ctx context.Context, at time.Time, token Token, id, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return p.register.Write(ctx, func(tx *register.Tx) error {
		_, row, err := own(tx, jurat.At(at), token, id)
		if err != nil {
			return err
		}
		row.Name = name
		return tx.SetPasskey(row)
	})
}

// LosePasskey looks at a passkey of whoever shows the token, which is theirs no more
// once the step was taken: beside its key's going off the record, where it is on it
// ([desk.Desk.DropKey]). NotFound: they have none of that id. The step gives
// Conflict: they could not come in any more.
func (p *Porter) LosePasskey(ctx context.Context, at time.Time, token Token, id string) (Passkey, Step, error) {
	at = jurat.At(at)
	var lost Passkey
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		_, row, err := own(tx, at, token, id)
		if err == nil {
			lost, err = passkeyOf(row)
		}
		return err
	})
	return lost, func(tx *register.Tx) error {
		s, row, err := own(tx, at, token, id)
		if err != nil {
			return err
		}
		m, err := means(tx, s.Person)
		if err != nil {
			return err
		}
		left := m.Password
		for _, k := range m.Passkeys {
			left = left || k.ID != id && k.Copied.IsZero()
		}
		if !left && row.Copied.IsZero() {
			return noWayIn()
		}
		return tx.DropPasskey(s.Person, id)
	}, err
}

// own is a passkey of whoever shows the token. Somebody else's is NotFound.
func own(tx *register.Tx, at time.Time, token Token, id string) (Session, register.PasskeyRow, error) {
	s, err := fresh(tx, at, token)
	if err != nil {
		return s, register.PasskeyRow{}, err
	}
	row, err := tx.Passkey(id)
	if err == nil && row.Person != s.Person {
		err = jurat.Errorf(jurat.NotFound, "there is no such passkey")
	}
	return s, row, err
}
