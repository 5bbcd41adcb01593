package ledger

import (
	"context"
	"errors"

	"jurat"
	"jurat/format"
)

// bundleLimit is the size of a full bundle of leaves as long as a length of
// two bytes allows.
const bundleLimit = width * (2 + 1<<16)

// bundles returns the leaves of a folder whose tree has size leaves, from its
// entry bundles. They are what lies there; whoever reads them compares a root.
func bundles(f *folder, size int64) leafReader {
	return func(ctx context.Context, from, to int64, fn func(int64, []byte) error) error {
		for from < to {
			if err := ctx.Err(); err != nil {
				return jurat.Because(jurat.Unavailable, err, "reading %s was interrupted", f.dir)
			}
			n := from / width
			leaves, err := readBundle(f, n, int(min(width, size-n*width)))
			if err != nil {
				return err
			}
			for ; from < to && from < n*width+int64(len(leaves)); from++ {
				if err := fn(from, leaves[from-n*width]); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

// readBundle reads the first w leaves of a bundle: from the partial bundle of
// that width, or from the full one that took its place.
func readBundle(f *folder, n int64, w int) ([][]byte, error) {
	name := entriesPath(n, w)
	data, err := f.read(name, bundleLimit)
	if w < width && errors.Is(err, jurat.NotFound) {
		name = entriesPath(n, width)
		data, err = f.read(name, bundleLimit)
	}
	if err != nil {
		return nil, err
	}
	leaves, err := format.Entries(data)
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "%s", f.path(name))
	}
	if len(leaves) < w {
		return nil, jurat.Errorf(jurat.Unavailable, "%s holds %d leaves where %d were expected", f.path(name), len(leaves), w)
	}
	return leaves[:w], nil
}
