package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"jurat"
	"jurat/internal/durable"
	"jurat/internal/fsck"
	"jurat/internal/ledger"
)

// Going over to a new log takes several steps, and the power may go between
// any two: the new key lies staged beside the old one until the record has the
// new log, then the old key gets a name of its own, the new one its place, and
// the settings the new name. Whoever opens the record next finishes that.

func stagedKey(folder string) string { return filepath.Join(folder, logKeyFile+".next") }

// stageLogKey makes the key of the log that is to begin, durable before
// anything is signed with it. One that was staged before is used again: an event
// may name it. Conflict: that one is of another log.
func stageLogKey(folder, origin string) (ledger.Key, error) {
	key, err := readStagedKey(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return key, err
	case key.Signer.Name() != origin:
		return key, jurat.Errorf(jurat.Conflict, "going over to %s was begun and not finished; name that one again with --origin", key.Signer.Name())
	default:
		return key, nil
	}
	key, secret, err := ledger.NewKey(origin, rand.Reader)
	if err != nil {
		return key, err
	}
	return key, durable.WriteFile(stagedKey(folder), []byte(secret+"\n"), 0o600)
}

// readStagedKey reads the key of a log that is to begin; fs.ErrNotExist when
// there is none.
func readStagedKey(folder string) (ledger.Key, error) {
	text, err := os.ReadFile(stagedKey(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.Key{}, err
	}
	if err != nil {
		return ledger.Key{}, jurat.Because(jurat.Unavailable, reason(err), "%s cannot be read", stagedKey(folder))
	}
	key, err := ledger.ParseKey(string(text))
	if err != nil {
		return ledger.Key{}, jurat.Because(jurat.Unavailable, err, "the key file %s is damaged", filepath.Base(stagedKey(folder)))
	}
	return key, nil
}

// openLedger opens the log, and where the record has gone over to the log of
// the staged key already, with that one, which then takes its place.
func (h *house) openLedger(ctx context.Context) error {
	open := func(key ledger.Key) (*ledger.Ledger, error) {
		return ledger.Open(ctx, filepath.Join(h.dir, ledgerFolder), key, h.register.Ledger(), ledger.Options{Mirrors: h.settings.Mirrors, Keys: h.keys.listed()})
	}
	next, staged := readStagedKey(h.settings.Keys)
	var err error
	if h.ledger, err = open(h.keys.log); errors.Is(err, jurat.Conflict) && staged == nil {
		if l, again := open(next); again == nil {
			h.ledger, h.keys.log, err = l, next, nil
		}
	}
	if err != nil {
		return err
	}
	if staged == nil && next.Public == h.keys.log.Public {
		if err := h.placeLogKey(h.settings.Origin); err != nil {
			return err
		}
	}
	if h.keys.log.Signer.Name() == h.settings.Origin {
		return nil
	}
	return h.nameLog()
}

// placeLogKey puts the staged key in the place of the old, which stays under a
// name of its own.
func (h *house) placeLogKey(oldOrigin string) error {
	current := filepath.Join(h.settings.Keys, logKeyFile)
	if err := durable.Rename(current, current+".ended-"+slugOf(oldOrigin)); err != nil && !errors.Is(err, jurat.NotFound) {
		return jurat.Because(jurat.Unavailable, err, "keep the ended log's key")
	}
	if err := durable.Rename(stagedKey(h.settings.Keys), current); err != nil {
		return jurat.Because(jurat.Unavailable, err, "put the new log's key in place")
	}
	return nil
}

// nameLog writes the name of the log in force into the settings.
func (h *house) nameLog() error {
	s, err := readSettings(h.dir)
	if err != nil {
		return err
	}
	s.Origin = h.keys.log.Signer.Name()
	if rel, err := filepath.Rel(h.dir, s.Keys); err == nil && filepath.IsLocal(rel) {
		s.Keys = rel
	}
	if err := writeSettings(h.dir, s); err != nil {
		return err
	}
	h.settings.Origin, h.wentOver = s.Origin, true
	return nil
}

// doubtStaged examines the record again with a staged key: a cut may have come
// after the record went over to its log.
func doubtStaged(ctx context.Context, r fsck.Record, folder string, found fsck.Report) fsck.Report {
	key, err := readStagedKey(folder)
	if found.Answer == fsck.Intact || err != nil || key.Public == r.LogKey {
		return found
	}
	r.LogKey = key.Public
	if again := fsck.Check(ctx, r); again.Answer == fsck.Intact {
		again.Notes = append(again.Notes, "the record went over to the log "+key.Signer.Name()+"; the next command that opens it puts that log's key in its place")
		return again
	}
	return found
}
