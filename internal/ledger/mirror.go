package ledger

import (
	"context"
	"errors"
	"path"
	"strconv"

	"jurat"
	"jurat/format"
)

// Mirror brings a folder up to what is published: the tiles, the entries, the
// keys, the anchors, the ended origins, and last the checkpoint. When it
// returns nil the copy survives a power cut. Tiles are derived from the
// entries again and compared with the signed root, so that damage here is not
// carried there.
//
// It refuses with Conflict a folder that is ahead of what is published (see
// [Ledger.Recover]), and with Altered one that holds another history; a folder
// it refuses is not changed. Nothing published: NotFound.
func (l *Ledger) Mirror(ctx context.Context, dir string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.published(l.folder)
	if err != nil {
		return err
	}
	if p.Note == nil {
		return jurat.Errorf(jurat.NotFound, "nothing was published yet, so there is nothing to copy to %s", dir)
	}
	to := newFolder(dir, l.opt.Disk)
	unlock, err := to.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	has, err := l.mirrored(to)
	if err != nil {
		return err
	}
	if has.Size > p.Size {
		return behind("the mirror "+dir, has, Head{Size: p.Size})
	}
	if has.Note == nil || has.Size < p.Size {
		if err := l.mirrorTiles(ctx, to, has, p); err != nil {
			return err
		}
	} else if has.Root != p.Root {
		return forked("the mirror "+dir, has)
	}
	if err := copyOthers(l.folder, to); err != nil {
		return err
	}
	// Written even when the size is the same: it may have gained cosignatures.
	return to.write(file{checkpointName, p.Note})
}

// mirrored reads the checkpoint of a mirror, after moving one of an origin that
// has ended here to where it lies here. Conflict: the folder is not a mirror of
// this record.
func (l *Ledger) mirrored(to *folder) (Published, error) {
	origin, err := lies(to)
	if err != nil {
		return Published{}, err
	}
	ending, err := to.list(endingName)
	if err != nil {
		return Published{}, err
	}
	if len(ending) > 0 || origin != "" && origin != l.Origin() {
		ended, err := to.list(pastName)
		if err != nil {
			return Published{}, err
		}
		msg, err := l.folder.read(path.Join(pastName, strconv.Itoa(len(ended)), checkpointName), noteLimit)
		if err != nil && !errors.Is(err, jurat.NotFound) {
			return Published{}, err
		}
		if c, err := format.ParseCheckpoint(msg); err != nil || origin != "" && c.Origin != origin {
			return Published{}, jurat.Errorf(jurat.Conflict, "%s is a copy of the log %s, not of %s", to.dir, origin, l.Origin())
		}
		if err := retire(to); err != nil {
			return Published{}, err
		}
	}
	return l.published(to)
}

// mirrorTiles derives what a folder whose checkpoint is has lacks under p.
func (l *Ledger) mirrorTiles(ctx context.Context, to *folder, has, p Published) error {
	e := &edge{}
	var err error
	if has.Size > 0 {
		e, err = loadTiles(ctx, to, bundles(to, has.Size), has.Size)
		if err != nil || !e.gives(has) {
			// The copy is damaged: derive it from the start, over what lies there.
			e = &edge{}
		}
	}
	from := bundles(l.folder, p.Size)
	trial := e.clone()
	if err := trial.extend(ctx, from, p.Size, nil, func(e *edge) error {
		if e.size == has.Size && !e.gives(has) {
			return forked("the mirror "+to.dir, has)
		}
		return nil
	}); err != nil {
		return err
	}
	if !trial.gives(p) {
		return jurat.Errorf(jurat.Altered, "the entries under %s do not give the root that was signed; nothing was copied; run jurat fsck", l.folder.dir)
	}
	for e.size < p.Size {
		var files []file
		if err := e.extend(ctx, from, min(e.size+piece, p.Size), &files, nil); err != nil {
			return err
		}
		if e.size == p.Size {
			e.cut(&files)
		}
		if err := to.write(files...); err != nil {
			return err
		}
	}
	return nil
}

// gives reports whether the tree has the root of p.
func (e *edge) gives(p Published) bool {
	root, err := e.root()
	return err == nil && e.size == p.Size && root == p.Root
}

// copyOthers copies what is not derived: keys, anchors and ended origins.
// Files of these never change once written, but for the list of keys.
func copyOthers(from, to *folder) error {
	for _, name := range []string{logPubName, keysName} {
		data, err := from.read(name, noteLimit)
		if errors.Is(err, jurat.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if old, err := to.read(name, noteLimit); err == nil && string(old) == string(data) {
			continue
		}
		if err := to.write(file{name, data}); err != nil {
			return err
		}
	}
	for _, dir := range []string{anchorsName, pastName} {
		if err := copyMissing(from, to, dir); err != nil {
			return err
		}
	}
	return nil
}

// copyMissing copies the files under a directory that are not in to.
func copyMissing(from, to *folder, dir string) error {
	names, err := from.list(dir)
	if err != nil || len(names) == 0 {
		return err
	}
	there, err := to.list(dir)
	if err != nil {
		return err
	}
	has := make(map[string]bool, len(there))
	for _, name := range there {
		has[name] = true
	}
	for _, name := range names {
		name := path.Join(dir, name)
		info, err := from.disk.Stat(from.path(name))
		if err != nil {
			return jurat.Because(jurat.Unavailable, err, "%s cannot be read", from.path(name))
		}
		if info.IsDir() {
			if err := copyMissing(from, to, name); err != nil {
				return err
			}
			continue
		}
		if has[path.Base(name)] {
			continue
		}
		data, err := from.read(name, bundleLimit)
		if err != nil {
			return err
		}
		if err := to.write(file{name, data}); err != nil {
			return err
		}
	}
	return nil
}
