//go:build !linux

package register

import (
	"errors"
	"os"
)

const canWatch = false

func lockByte(*os.File, int64) error { return errors.ErrUnsupported }
