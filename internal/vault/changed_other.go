//go:build !linux

package vault

import (
	"io/fs"
	"os"
)

func changed(before, after fs.FileInfo) bool {
	return before.Size() != after.Size() || !before.ModTime().Equal(after.ModTime()) || !os.SameFile(before, after)
}

func adviseSequential(*os.File) {}
