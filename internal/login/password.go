package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"jurat"
	"jurat/internal/register"
)

// A cost is the parameters of argon2id (RFC 9106). Each hash carries those it
// was made with.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

// costNow is RFC 9106's second choice but for one lane: 64 MiB, three passes.
var costNow = cost{memory: 64 << 10, passes: 3, lanes: 1}

// mostWeighed is how many passwords are weighed at a time: each takes 64 MiB.
const mostWeighed = 4

// Bounds of a password. There is no rule about its characters.
const (
	shortest = 12   // characters
	longest  = 1024 // bytes
)

// worst are passwords of twelve and more characters that are tried first.
//
//go:embed worst.txt
var worst string

// CheckPassword says what is against a password. Invalid: it is too short, too
// long, or one of those that everybody tries first. Nothing is asked of its
// characters.
func CheckPassword(password string, about ...string) error {
	plain := strings.ToLower(norm.NFKC.String(password))
	switch n := utf8.RuneCountInString(plain); {
	case !utf8.ValidString(password) || len(password) > longest:
		return jurat.Errorf(jurat.Invalid, "A password has at most %d letters", longest)
	case n < shortest:
		return jurat.Errorf(jurat.Invalid, "A password has at least %d characters; this one has %d. Four or five unrelated words do well", shortest, n)
	}
	tried := slices.Contains(strings.Fields(worst), plain) || strings.Trim(plain, plain[:1]) == ""
	for _, word := range about {
		word = strings.ToLower(norm.NFKC.String(word))
		tried = tried || word != "" && strings.Trim(strings.ReplaceAll(plain, word, ""), "0123456789!.- ") == ""
	}
	if tried {
		return jurat.Errorf(jurat.Invalid, "This password is among the first that anybody tries. Take another")
	}
	return nil
}

// hashPassword is a password's argon2id hash as a PHC string.
func hashPassword(password string, c cost) string {
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	sum := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.lanes, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// samePassword compares in constant time. It is an error when the hash is not
// one this program made.
func samePassword(password, hash string) (bool, error) {
	var version int
	var c cost
	var rest string
	if _, err := fmt.Sscanf(hash, "$argon2id$v=%d$m=%d,t=%d,p=%d$%s", &version, &c.memory, &c.passes, &c.lanes, &rest); err != nil {
		return false, fmt.Errorf("read a password's hash: %w", err)
	}
	salt64, sum64, _ := strings.Cut(rest, "$")
	salt, errSalt := base64.RawStdEncoding.DecodeString(salt64)
	sum, errSum := base64.RawStdEncoding.DecodeString(sum64)
	if errSalt != nil || errSum != nil || version != argon2.Version || len(sum) != 32 || c.memory > 1<<21 || c.passes == 0 || c.passes > 64 || c.lanes == 0 {
		return false, errors.New("read a password's hash: it is damaged")
	}
	got := argon2.IDKey([]byte(norm.NFKC.String(password)), salt, c.passes, c.memory, c.lanes, 32)
	return subtle.ConstantTimeCompare(got, sum) == 1, nil
}

// weigh compares a password with a hash, or with nothing when there is none:
// both take as long. Few are weighed at a time; a caller who does not wait is
// told so.
func (p *Porter) weigh(ctx context.Context, password, hash string) (bool, error) {
	leave, err := p.slot(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	if len(password) > longest {
		password = ""
	}
	if hash == "" {
		hashPassword(password, p.cost)
		return false, nil
	}
	return samePassword(password, hash)
}

// slot waits until a password may be weighed or hashed, which takes
// [cost].memory each time; leave ends that.
func (p *Porter) slot(ctx context.Context) (leave func(), err error) {
	select {
	case p.slots <- struct{}{}:
		return func() { <-p.slots }, nil
	case <-ctx.Done():
		return nil, jurat.Because(jurat.Unavailable, ctx.Err(), "the caller stopped waiting; nothing was done")
	}
}

// ComeByPassword lets somebody in by their name, their password and a code of
// their generator. Forbidden: something of it is not right, or there is nobody
// of that name; which of them, nothing tells. Unavailable with a [Wait].
func (p *Porter) ComeByPassword(ctx context.Context, at time.Time, source, name, password, code string) (Token, Session, error) {
	at = jurat.At(at)
	t, err := p.begin(ctx, at, source, name)
	if err != nil {
		return "", Session{}, err
	}
	var who jurat.Person
	var hash string
	err = p.register.Read(ctx, func(tx *register.Tx) error {
		var err error
		if who, err = named(tx, name); err != nil {
			return err
		}
		row, err := tx.Password(who.ID)
		hash = row.Hash
		return err
	})
	if err != nil && !errors.Is(err, jurat.NotFound) {
		return "", Session{}, err
	}
	same, err := p.weigh(ctx, password, hash)
	if err != nil {
		return "", Session{}, err
	}
	if !same {
		return "", Session{}, p.turnAway(ctx, at, who.ID, "password")
	}
	var token Token
	var s Session
	err = p.register.Write(ctx, func(tx *register.Tx) error {
		who, err := person(tx, who.ID) // again: they may have been retired since
		if err != nil {
			return err
		}
		if row, err := tx.Password(who.ID); err != nil || row.Hash != hash {
			return notRight(err)
		}
		if err := p.takeCode(tx, at, who.ID, code); err != nil {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		token, s, err = enter(tx, at, who, ByPassword, false)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return "", Session{}, p.turnAway(ctx, at, who.ID, "code")
	}
	if err != nil {
		return "", Session{}, err
	}
	return p.entered(ctx, at, token, s)
}

// notRight is NotFound, the answer within a transaction that something shown is
// nobody's, or the error there was.
func notRight(err error) error {
	if err != nil {
		return err
	}
	return jurat.Errorf(jurat.NotFound, "this is not right")
}

// SetPassword sets the password of whoever shows the token. It lets them in
// only with a code of a confirmed generator. Invalid: see [CheckPassword].
func (p *Porter) SetPassword(ctx context.Context, at time.Time, token Token, password string) error {
	at = jurat.At(at)
	var who jurat.Person
	err := p.register.Read(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		who, err = person(tx, s.Person)
		return err
	})
	if err != nil {
		return err
	}
	if err := CheckPassword(password, string(who.ID), who.Label, p.site.Name, p.site.RP, "jurat", "password"); err != nil {
		return err
	}
	leave, err := p.slot(ctx)
	if err != nil {
		return err
	}
	hash := hashPassword(password, p.cost)
	leave()
	return p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		if _, err := tx.EndSessions(s.Person, s.ID); err != nil {
			return err
		}
		return tx.PutPassword(register.PasswordRow{Person: s.Person, Hash: hash, Changed: at})
	})
}

// DropPassword removes a person's password and code generator. Conflict: they
// have no passkey and could not come in any more.
func (p *Porter) DropPassword(ctx context.Context, at time.Time, token Token) error {
	at = jurat.At(at)
	return p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		keys, err := tx.Passkeys(s.Person)
		if err == nil && len(keys) == 0 {
			err = noWayIn()
		}
		if err != nil {
			return err
		}
		return tx.DropPassword(s.Person)
	})
}

func noWayIn() error {
	return jurat.Errorf(jurat.Conflict, "This is the only way you have to sign in. Make another one first")
}
