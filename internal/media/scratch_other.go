//go:build !linux

package media

import (
	"errors"
	"os"
)

// errNoScratch: nameless files are Linux's.
var errNoScratch = errors.New("no nameless files on this kind of machine")

func (t *Tools) scratch(int64) (*os.File, error) { return nil, errNoScratch }

func keepStill(*os.File) {}
