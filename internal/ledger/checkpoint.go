package ledger

import (
	"errors"
	"slices"

	"jurat"
	"jurat/format"
)

// A Published is a checkpoint and the signed note it came in. The zero
// Published is none.
type Published struct {
	format.Checkpoint
	Note []byte
}

// The files of the folder, beside tile/.
const (
	checkpointName = "checkpoint"
	logPubName     = "log.pub"
	keysName       = "keys.jsonl"
	anchorsName    = "anchors"
	pastName       = "past"
)

// noteLimit is the most bytes a checkpoint, a key file or a token may have.
const noteLimit = 1 << 20

// published reads the checkpoint of a folder; the zero Published when there is
// none. Altered when a key of this log did not sign what it seems to have
// signed; Unavailable when that cannot be told.
func (l *Ledger) published(f *folder) (Published, error) {
	msg, err := f.read(checkpointName, noteLimit)
	if errors.Is(err, jurat.NotFound) {
		return Published{}, nil
	}
	if err != nil {
		return Published{}, err
	}
	return l.openNote(msg)
}

func (l *Ledger) openNote(msg []byte) (Published, error) {
	c, err := format.OpenCheckpoint(msg, l.logKeys...)
	if err != nil {
		return Published{}, err
	}
	return Published{c, msg}, nil
}

func (l *Ledger) sign(head Head) (Published, error) {
	c := format.Checkpoint{Origin: l.Origin(), Size: head.Size, Root: head.Root}
	msg, err := c.Sign(l.key.Signer)
	if err != nil {
		return Published{}, err
	}
	return Published{c, msg}, nil
}

// readKeys reads which keys may have signed checkpoints of this log, and
// refuses a signer that is not the one in force. l.logKeys always ends up with
// the signer's own.
func (l *Ledger) readKeys() error {
	l.logKeys = []string{l.key.Public}
	data, err := l.folder.read(keysName, noteLimit)
	if errors.Is(err, jurat.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	keys, err := format.ParseKeys(data)
	if err != nil {
		return jurat.Because(jurat.Unavailable, err, "%s", l.folder.path(keysName))
	}
	for _, k := range keys {
		if k.Kind != format.KeyLog {
			continue
		}
		origin, err := format.LogKeyOrigin(k.Public)
		if err != nil {
			return err
		}
		if origin != l.Origin() {
			l.logKeys = l.logKeys[:1]
			return nil // an origin that ended; ownLog looks whether that may be
		}
		if k.To == format.InForce && k.Public != l.key.Public {
			return jurat.Errorf(jurat.Conflict, "the key of the log %s is now another one than the key given; give the key in force since leaf %d", origin, k.From)
		}
		if !slices.Contains(l.logKeys, k.Public) {
			l.logKeys = append(l.logKeys, k.Public)
		}
	}
	return nil
}

// introduce writes what the first checkpoint of a log needs beside it: the
// list of keys and the key to check it with.
func (l *Ledger) introduce() error {
	keys := []format.Key{{Kind: format.KeyLog, Public: l.key.Public, To: format.InForce}}
	for _, k := range l.opt.Keys {
		keys = append(keys, format.Key{Kind: k.Kind, Public: k.Public, To: format.InForce})
	}
	data, err := format.MarshalKeys(keys)
	if err != nil {
		return err
	}
	if err := l.folder.write(file{keysName, data}); err != nil {
		return err
	}
	return l.folder.write(file{logPubName, []byte(l.key.Public + "\n")})
}
