//go:build !linux

package dirstore

import (
	"os"

	"jurat/internal/durable"
)

// A fastFile is the ordinary way of writing where no other is known.
type fastFile struct{}

func (*fastFile) begin(*os.File, int64) error                 { return nil }
func (*fastFile) write(f durable.File, p []byte) (int, error) { return f.Write(p) }
func (*fastFile) end(durable.File) error                      { return nil }

func adviseSequential(*os.File) {}
