package login

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"image"
	"net/url"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"jurat"
	"jurat/internal/register"
)

// stepLength is how long a code is good for (RFC 6238); one step before and
// after is taken too, for clocks that are off.
const stepLength = 30

// A TOTP is a new code generator, shown once. It lets nobody in before
// [Porter.ConfirmTOTP].
type TOTP struct {
	Secret string // base32, to type in
	URI    string // otpauth://, for a program
	image  func(int, int) (image.Image, error)
}

// QR draws the URI as a square of about so many pixels.
func (t TOTP) QR(pixels int) (image.Image, error) { return t.image(pixels, pixels) }

func newSealer(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTP makes a code generator for whoever shows the token, in place of one
// they have.
func (p *Porter) NewTOTP(ctx context.Context, at time.Time, token Token) (TOTP, error) {
	at = jurat.At(at)
	secret := make([]byte, 20)
	rand.Read(secret) // never fails
	var who jurat.Person
	err := p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		if who, err = person(tx, s.Person); err != nil {
			return err
		}
		return tx.PutTOTP(register.TOTPRow{Person: who.ID, Secret: p.sealer.Seal(nil, nil, secret, []byte(who.ID)), Step: -1, Added: at})
	})
	if err != nil {
		return TOTP{}, err
	}
	issuer := p.site.Name
	if issuer == "" {
		issuer = "Jurat"
	}
	text := b32.EncodeToString(secret)
	uri := "otpauth://totp/" + url.PathEscape(issuer+":"+string(who.ID)) + "?" + url.Values{"secret": {text}, "issuer": {issuer}}.Encode()
	key, err := otp.NewKeyFromURL(uri)
	if err != nil {
		return TOTP{}, err
	}
	return TOTP{Secret: text, URI: uri, image: key.Image}, nil
}

// ConfirmTOTP takes the first code of a new generator. Invalid: it is not one
// of its codes now.
func (p *Porter) ConfirmTOTP(ctx context.Context, at time.Time, token Token, code string) error {
	at = jurat.At(at)
	return p.register.Write(ctx, func(tx *register.Tx) error {
		s, err := fresh(tx, at, token)
		if err != nil {
			return err
		}
		row, err := tx.TOTP(s.Person)
		if err != nil {
			return err
		}
		step, ok, err := p.step(at, row, code)
		if err == nil && !ok {
			err = jurat.Errorf(jurat.Invalid, "This is not the code the generator shows now. Check its clock, and that it has the right secret")
		}
		if err != nil {
			return err
		}
		row.Step = step
		return tx.PutTOTP(row)
	})
}

// step is the step of time a code is of, if it is one of now and later than
// every one taken before: a code is good once.
func (p *Porter) step(at time.Time, row register.TOTPRow, code string) (int64, bool, error) {
	secret, err := p.sealer.Open(nil, nil, row.Secret, []byte(row.Person))
	if err != nil {
		return 0, false, jurat.Because(jurat.Unavailable, err, "the session key does not open the code generator of %s; an administrator gives a new link", row.Person)
	}
	now, found, step := at.Unix()/stepLength, 0, int64(0)
	for n := now - 1; n <= now+1; n++ {
		want, err := hotp.GenerateCodeCustom(b32.EncodeToString(secret), uint64(n), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && n > row.Step {
			found, step = 1, n
		}
	}
	return step, found == 1, nil
}

// takeCode uses a code of a person's confirmed generator up. NotFound: it is
// not one.
func (p *Porter) takeCode(tx *register.Tx, at time.Time, who jurat.PersonID, code string) error {
	row, err := tx.TOTP(who)
	if err != nil {
		return err
	}
	if row.Step < 0 {
		return notRight(nil)
	}
	step, ok, err := p.step(at, row, code)
	if err != nil || !ok {
		return notRight(err)
	}
	row.Step = step
	return tx.PutTOTP(row)
}

// AgainByCode is whoever shows the token once more, by a code of their
// generator. It opens a locked session. Forbidden: it is not right.
func (p *Porter) AgainByCode(ctx context.Context, at time.Time, source string, token Token, code string) (Session, error) {
	at = jurat.At(at)
	s, err := p.holder(ctx, at, token)
	if err != nil {
		return s, err
	}
	t, err := p.begin(ctx, at, source, string(s.Person))
	if err != nil {
		return s, err
	}
	err = p.register.Write(ctx, func(tx *register.Tx) (err error) {
		if s, err = in(tx, at, token); err != nil {
			return err
		}
		if err := p.takeCode(tx, at, s.Person, code); err != nil {
			return err
		}
		if err := t.passed(tx, at); err != nil {
			return err
		}
		s, err = again(tx, at, token, s)
		return err
	})
	if errors.Is(err, jurat.NotFound) {
		return s, p.turnAway(ctx, at, s.Person, "code")
	}
	return s, err
}

// holder is who shows a token, whether or not the session is locked.
func (p *Porter) holder(ctx context.Context, at time.Time, token Token) (s Session, err error) {
	err = p.register.Read(ctx, func(tx *register.Tx) (err error) {
		s, err = in(tx, at, token)
		return err
	})
	return s, err
}

// again marks that the person of a session showed who they are.
func again(tx *register.Tx, at time.Time, token Token, s Session) (Session, error) {
	s.Seen, s.Fresh, s.Locked = at, at, false
	return s, tx.TouchSession(token.hash(), at, at)
}
