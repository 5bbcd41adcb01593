package fsck

import "io/fs"

// Through makes a record's folders be read through f.
func (r *Record) Through(f func(dir string) fs.FS) { r.folder = f }
