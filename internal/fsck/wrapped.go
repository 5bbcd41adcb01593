package fsck

import (
	"crypto/aes"
	"crypto/cipher"

	"jurat"
	"jurat/format"
	"jurat/internal/register"
)

// A stuck key is a wrapped key the wrapping key does not open. Whether the one
// or the other is wrong is known only when all were tried.
type stuck struct{ where, what string }

// kekName says what ledger/keys.jsonl says about the wrapping key.
type kekName int

const (
	kekUnnamed kekName = iota // nothing was read
	kekMatches                // it is the only one there ever was
	kekOlder                  // it is in force, and others were before it
	kekOther                  // another is in force
)

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil || len(key) != 32 {
		return nil
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil
	}
	return aead
}

func (c *check) openKEK() {
	switch {
	case len(c.rec.KEK) == 0:
		c.unsure("keys", "the wrapping key is not at hand: no sealed part and no exhibit can be opened")
	case len(c.rec.KEK) != 32:
		c.unsure("keys", "the wrapping key has %d bytes, not 32: no sealed part and no exhibit can be opened", len(c.rec.KEK))
	default:
		c.kek = gcm(c.rec.KEK)
	}
	if len(c.rec.Duplicates) == 0 {
		c.unsure("keys", "the duplicates key is not at hand: the tags of exhibits cannot be made again")
	}
}

// unwrap opens a wrapped key that is a nonce of 12 bytes and what was sealed
// under it, bound to a text; nil when it does not open, which is remembered.
func (c *check) unwrap(wrapped []byte, bound, where, what string) cipher.AEAD {
	if c.kek == nil {
		return nil
	}
	key, ok := openNonced(c.kek, wrapped, bound)
	if !ok || len(key) != 32 {
		c.stuck = append(c.stuck, stuck{where, what})
		return nil
	}
	c.opened++
	return gcm(key)
}

// openNonced opens a nonce of 12 bytes and what follows it.
func openNonced(aead cipher.AEAD, sealed []byte, bound string) ([]byte, bool) {
	if len(sealed) < aead.NonceSize() {
		return nil, false
	}
	n := aead.NonceSize()
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], []byte(bound))
	return plain, err == nil
}

// settleKeys says of each wrapped key that did not open, and of each tag that
// is not the one made again, whether it is the key at hand that is wrong, now
// that it is known what else the key did.
func (c *check) settleKeys() {
	c.settleWrapped()
	switch {
	case len(c.untagged) == 0:
	case c.tagged == 0 && !c.dupMatches:
		c.unsure("keys", "the duplicates key gives none of %s: it is not this record's", count(int64(len(c.untagged)), "tag"))
	default:
		for _, s := range c.untagged {
			c.altered(s.where, "%s", s.what)
		}
	}
	own := c.opened > 0 || c.tagged > 0 || c.dupMatches || c.kekName == kekMatches || c.kekName == kekOlder
	for _, d := range c.doubts {
		if own {
			c.altered(d.Where, "%s, and no rotation on the record leads to it", d.What)
		} else {
			c.unsure(d.Where, "%s: either it was replaced, or the keys at hand are not this record's", d.What)
		}
	}
	for _, secret := range []struct {
		kind format.KeyKind
		did  int64
	}{{format.KeyWrapping, c.opened}, {format.KeyDuplicates, c.tagged}} {
		f, ok := c.misnamed[secret.kind]
		switch {
		case !ok:
		case secret.did > 0:
			c.altered(f.Where, "%s, which is the one the record was written with", f.What)
		default:
			c.unsure(f.Where, "%s: one of them is not this record's", f.What)
		}
	}
}

func (c *check) settleWrapped() {
	if len(c.stuck) == 0 {
		return
	}
	if c.opened == 0 && c.kekName != kekMatches && c.kekName != kekOlder {
		c.unsure("keys", "the wrapping key opens none of %s: it is not this record's, so no sealed part and no exhibit could be opened", count(int64(len(c.stuck)), "wrapped key"))
		return
	}
	for _, s := range c.stuck {
		if c.kekName == kekOlder {
			c.unsure(s.where, "%s is not opened by the wrapping key in force; it may have been wrapped by one before it", s.what)
		} else {
			c.altered(s.where, "%s is not one that the record's wrapping key made", s.what)
		}
	}
}

// unseal opens a sealed part: its key is wrapped by the wrapping key, and key
// and body are bound to the event and the class. "" when it does not open,
// which is told.
func (c *check) unseal(id jurat.EventID, p register.SealedPart, where string) format.Disclosure {
	bound := "jurat sealed part\x00" + string(id) + "\x00" + string(p.Class)
	aead := c.unwrap(p.Key, bound, where, "the wrapped key of the "+string(p.Class)+" part")
	if aead == nil {
		return ""
	}
	body, ok := openNonced(aead, p.Body, bound)
	if !ok {
		c.altered(where, "the %s part is not what was sealed", p.Class)
		return ""
	}
	return format.Disclosure(body)
}
